import { describe, expect, test } from '@jest/globals';
import { bedrockOrigin, regionalPath, regionOfHost } from './bedrock-region.ts';

describe('the region of a call to Bedrock', () => {
  test.each([
    ['/v1/us-east-1/model/a.b-v1%3A0/converse', 'us-east-1', '/model/a.b-v1%3A0/converse'],
    ['/v1/us-gov-west-1/model/x/invoke?a=/v1/', 'us-gov-west-1', '/model/x/invoke?a=/v1/'],
    ['/v1/ap-southeast-2', 'ap-southeast-2', '/'],
  ])('stands in the path %s', (path, region, rest) => {
    expect(regionalPath(path)).toEqual({ region, path: rest });
  });

  test.each([
    '/model/x/converse',
    '/v1/models',
    '/v1/US-EAST-1/model/x',
    '/v1/evil.example-1/model/x',
    '/v1/us-east-1x/y',
  ])('does not stand in %s', (path) => {
    expect(regionalPath(path)).toBeUndefined();
  });

  test.each([
    [new URL(bedrockOrigin('eu-west-3')).hostname, 'eu-west-3'],
    ['bedrock-runtime-fips.us-east-1.amazonaws.com', 'us-east-1'],
    ['bedrock-runtime.us-east-1.amazonaws.com.evil.example', undefined],
    ['api.openai.com', undefined],
  ])('stands in the host %s', (host, region) => {
    expect(regionOfHost(host)).toBe(region);
  });
});
