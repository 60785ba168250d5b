/** An address that a link may lead to, whoever wrote it: the web and mail. Undefined: none. */
export function safeLink(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'http:' || protocol === 'https:' || protocol === 'mailto:' ? href : undefined;
}

/** Whether it is an image that the page holds itself, of a kind that holds nothing but pixels: SVG may hold more. */
export function safeImage(address: string): boolean {
  return /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/.test(address);
}
