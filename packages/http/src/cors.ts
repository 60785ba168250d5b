import type { RequestHandler } from 'express';

/**
 * Lets browser pages of the listed origins call us. Nothing listed, the default: no header is sent, and browsers keep
 * foreign pages out.
 *
 * @param origins exact origins such as `https://app.example.com`, or `*` for any.
 */
export function cors(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_req, _res, next) => next();
  const any = origins.includes('*');
  const allowed = new Set(origins);
  return (req, res, next) => {
    const origin = req.headers.origin;
    if (origin === undefined || !(any || allowed.has(origin))) return next();
    res.setHeader('Access-Control-Allow-Origin', any ? '*' : origin);
    if (!any) res.setHeader('Vary', 'Origin');
    res.setHeader('Access-Control-Expose-Headers', EXPOSED);
    const wanted = req.headers['access-control-request-method'];
    if (req.method !== 'OPTIONS' || wanted === undefined) return next();
    res.setHeader('Access-Control-Allow-Methods', 'GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS');
    // Property headers have names that users make up, so what the page asks for is granted.
    res.setHeader('Access-Control-Allow-Headers', req.headers['access-control-request-headers'] ?? '*');
    res.setHeader('Access-Control-Max-Age', '600');
    res.statusCode = 204;
    res.end();
  };
}

const EXPOSED =
  'Helicone-Id, Helicone-Status, Throughline-Recorded, Throughline-As-Of, Throughline-Total-Rows, Content-Disposition';
