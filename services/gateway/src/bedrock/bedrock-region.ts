/** A path below a region: `/v1/us-east-1/model/…`, as base URLs for Bedrock name it. */
export interface RegionalPath {
  readonly region: string;
  /** For Bedrock: what follows the region. */
  readonly path: string;
}

/** @returns undefined where the path names no region. */
export function regionalPath(path: string): RegionalPath | undefined {
  const [, region, rest] = REGION_IN_PATH.exec(path) ?? [];
  return region === undefined ? undefined : { region, path: rest || '/' };
}

/** The region of one of Bedrock's hosts. */
export function regionOfHost(host: string): string | undefined {
  return REGION_IN_HOST.exec(host)?.[1];
}

export function bedrockOrigin(region: string): string {
  return `https://bedrock-runtime.${region}.amazonaws.com`;
}

const REGION = '[a-z]{2,4}(?:-[a-z]{2,12}){1,3}-\\d{1,2}';
const REGION_IN_PATH = new RegExp(`^/v1/(${REGION})(/[^]*)?$`);
const REGION_IN_HOST = new RegExp(`^bedrock-runtime(?:-fips)?\\.(${REGION})\\.amazonaws\\.com(?:\\.cn)?$`);
