/** Property of a call that its rate limit refused, so that it was not sent; and its value. */
export const RATE_LIMIT_STATUS = 'Helicone-Rate-Limit-Status';
export const RATE_LIMITED = 'bucket_rate_limited';

/** Code of the error of a call that moderation refused, so that it was not sent. */
export const PROMPT_FLAGGED = 'PROMPT_FLAGGED_FOR_MODERATION';
