import { bodyLinkParameters } from '@throughline/contracts/api/parameters';
import { linkedBodiesAnswer } from '@throughline/contracts/api/request-answer';
import { ApiError } from '@throughline/contracts/errors';
import { createBodyLinks } from '../auth/body-link.ts';
import { findLinkedRequest } from '../queries/find-linked-request.ts';
import { positionOf, readBodies } from '../queries/read-bodies.ts';
import type { QueryDeps } from '../query-deps.ts';
import { bodyAnswer } from '../render/body-answer.ts';
import type { SignedRoute } from '../route.ts';

/** Where `signed_body_url` of a request leads. */
export function bodyRoutes(deps: QueryDeps): SignedRoute[] {
  const links = createBodyLinks(deps);
  return [
    {
      method: 'get',
      path: '/v1/request/:requestId/body',
      access: 'public-signed',
      doc: {
        summary: 'The bodies of a request, by its `signed_body_url`, without a key',
        body: null,
        query: bodyLinkParameters,
        answer: linkedBodiesAnswer,
        errors: ['invalid-body-link', 'unknown-request'],
      },
      handle: async ({ req, analytics }) => {
        const linked = links.open(String(req.params.requestId), req.query.token);
        const row = await findLinkedRequest(analytics, linked);
        if (!row) throw new ApiError('unknown-request');
        const bodies = await readBodies(analytics, linked.tenantId, [row], Number.MAX_SAFE_INTEGER);
        const stored = bodies.get(positionOf(row));
        return {
          data: {
            request: bodyAnswer(stored?.request, row.request_id),
            response: bodyAnswer(stored?.response, row.request_id),
          },
          isBare: true,
          // The URL is what opens it: neither the answer nor the URL is to be kept by others on the way.
          headers: { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
          from: 'snapshots',
        };
      },
    },
  ];
}
