import { describe, expect, test } from '@jest/globals';
import { parseBodyStoreUrl } from './body-store-url.ts';

describe('parseBodyStoreUrl', () => {
  test.each([
    ['/shared/bodies', { kind: 'files', folder: '/shared/bodies' }],
    ['file:///shared/with%20space', { kind: 'files', folder: '/shared/with space' }],
    ['s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '', forcePathStyle: false }],
    [
      's3://bucket/a/b/?endpoint=http://minio:9000&region=eu-1&forcePathStyle=true',
      {
        kind: 's3',
        bucket: 'bucket',
        prefix: 'a/b/',
        endpoint: 'http://minio:9000',
        region: 'eu-1',
        forcePathStyle: true,
      },
    ],
  ])('reads %s', (text, place) => expect(parseBodyStoreUrl(text)).toMatchObject(place));

  test('takes a relative path from the working directory', () => {
    expect(parseBodyStoreUrl('bodies')).toEqual({ kind: 'files', folder: `${process.cwd()}/bodies` });
  });

  test.each([
    'http://bucket/x',
    's3://',
    's3://user:secret@bucket/x',
    's3://bucket?endpoint=minio:9000',
    's3://bucket?endpoint=https://user:secret@minio',
    's3://bucket?accessKey=secret',
    's3://bucket?forcePathStyle=perhaps',
    'file://host/folder',
  ])('refuses %s without repeating what is secret', (text) => {
    expect(() => parseBodyStoreUrl(text)).toThrow();
    expect(() => parseBodyStoreUrl(text)).not.toThrow(/secret/);
  });
});
