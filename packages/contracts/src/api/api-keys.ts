import { z } from 'zod';
import { PERMISSIONS, type Permission } from '../keys.ts';

/** Characters: longer than any name that a person reads in a list. */
const NAME_CHARS_MAX = 256;
/** An old key beside its successor, seconds: 90 days, the longest period in which keys are commonly rotated. */
const OVERLAP_SECONDS_MAX = 90 * 86_400;

const name = z.string().trim().min(1).max(NAME_CHARS_MAX);

/** ISO 8601 with its offset; null: until it is deleted. */
const expiry = z.iso
  .datetime({ offset: true, error: 'an instant such as 2027-01-31T00:00:00Z' })
  .transform((text) => Date.parse(text))
  .nullable();

const one = `(?:${PERMISSIONS.join('|')})`;
/** One permission, or several with commas: `rw,operator`. */
const permissions = z
  .string()
  .regex(new RegExp(`^${one}(?:, ?${one})*$`), {
    error: `should be one of ${PERMISSIONS.join(', ')}, or several with commas`,
  })
  .transform((text): readonly Permission[] =>
    PERMISSIONS.filter((permission) => text.split(/, ?/).includes(permission)),
  );

/**
 * Body of `POST /v1/api-keys`. `rotates` names the key that the new one follows, which stays valid for
 * `overlap_seconds` (a day unless given); name and permissions are then the old key's unless given.
 */
export const createKeyBody = z
  .strictObject({
    api_key_name: name.optional(),
    key_permissions: permissions.optional(),
    expires_at: expiry.optional(),
    rotates: z.string().min(1).max(NAME_CHARS_MAX).optional(),
    overlap_seconds: z.number().int().min(0).max(OVERLAP_SECONDS_MAX).optional(),
  })
  .superRefine((body, context) => {
    if (body.rotates !== undefined) return;
    if (body.api_key_name === undefined) {
      context.addIssue({ code: 'custom', path: ['api_key_name'], message: "'api_key_name' is required" });
    }
    if (body.overlap_seconds !== undefined) {
      const message = "means something beside 'rotates' only";
      context.addIssue({ code: 'custom', path: ['overlap_seconds'], message });
    }
  });

/** Body of `PATCH /v1/api-keys/{id}`: what is left out stays as it is. */
export const changeKeyBody = z
  .strictObject({ api_key_name: name.optional(), expires_at: expiry.optional() })
  .refine((body) => body.api_key_name !== undefined || body.expires_at !== undefined, {
    error: "'api_key_name' or 'expires_at' is required",
  });
