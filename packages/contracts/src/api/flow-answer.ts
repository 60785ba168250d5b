import { z } from 'zod';
import { count, envelope, usd } from './answer-parts.ts';
import { sessionPattern } from './session-pattern.ts';

/** What selects the sessions behind a mark: goes into `pattern` of `POST /v1/session/query`, beside the same selection. */
export const markPattern = sessionPattern.meta({
  description: '`pattern` of `POST /v1/session/query` for the sessions behind it',
});

const node = z
  .strictObject({
    id: z.string(),
    kind: z
      .enum(['start', 'path', 'other', 'end', 'more'])
      .meta({ description: '`other`: merged paths. `end`: no further step. `more`: steps that are not shown' }),
    path: z.string().nullable().meta({ description: 'Null unless `kind` is `path`' }),
    position: z.int().min(0).meta({ description: 'From 1 on; 0 is `start`' }),
    sessions: count,
    requests: count.meta({ description: 'Of these sessions, at this position' }),
    errors: count,
    cost: usd,
    pattern: markPattern.nullable().meta({ description: 'Null: all sessions with known steps' }),
  })
  .meta({ id: 'FlowNode' });

const link = z
  .strictObject({
    from: z.string().meta({ description: '`id` of a node' }),
    to: z.string().meta({ description: '`id` of a node at the next position' }),
    sessions: count,
    is_loop: z.boolean().meta({ description: 'To a path where these sessions had been before' }),
    pattern: markPattern.nullable().meta({ description: 'Null: all sessions with known steps' }),
  })
  .meta({ id: 'FlowLink' });

const loop = z
  .strictObject({
    from: z.string(),
    to: z.string().meta({ description: 'A path where the session had been before; the same as `from`: a repeat' }),
    count: count.meta({ description: 'How often, within the positions shown' }),
    pattern: markPattern.meta({ description: 'Sessions that were at `to`, then at `from`, then at `to` again' }),
  })
  .meta({ id: 'FlowLoop' });

/** Answer of `POST /v1/session/flow/query`. */
export const sessionFlowAnswer = envelope(
  z
    .strictObject({
      sessions: count.meta({ description: 'All that are selected' }),
      sessions_without_steps: count.meta({ description: 'Of these, left out: stored before steps were kept' }),
      truncated_sessions: count.meta({ description: 'Of the others, with steps that are not shown' }),
      nodes: z.array(node).meta({ description: 'By position, most sessions first' }),
      links: z.array(link).meta({ description: 'What comes into a node goes out of it, until `end` or `more`' }),
      loops: z
        .array(loop)
        .meta({ description: 'Ways back to a path from before, whatever the position; most first, at most 100' }),
    })
    .meta({ id: 'SessionFlow' }),
);

/** Answer of `POST /v1/session/path/query`. */
export const sessionPathsAnswer = envelope(
  z
    .strictObject({
      sessions: count.meta({ description: 'All that are selected' }),
      sessions_without_paths: count.meta({ description: 'Of these, left out: stored before paths were kept' }),
      total_cost: usd.meta({ description: 'Of all paths' }),
      paths: z.array(
        z
          .strictObject({
            path: z.string().meta({ description: '`…`: what sessions with very many paths do not tell apart' }),
            sessions: count,
            requests: count,
            errors: count,
            cost: usd,
            avg_cost: usd.meta({ description: 'Per request' }),
            avg_latency: z.number().meta({ description: 'ms per request' }),
            share_of_cost: z.number().min(0).max(1),
            pattern: markPattern.nullable().meta({ description: 'Null for `…`' }),
          })
          .meta({ id: 'SessionPathSums' }),
      ),
    })
    .meta({ id: 'SessionPaths' }),
);
