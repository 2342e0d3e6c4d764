import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageNameInFull } from '../../../src/pipelines/index.ts';

for (const [written, full] of [
  ['node', 'docker.io/library/node'],
  ['acme/app', 'docker.io/acme/app'],
  ['docker.io/node', 'docker.io/library/node'],
  ['index.docker.io/library/node', 'docker.io/library/node'],
  ['Registry-1.Docker.IO/acme/app', 'docker.io/acme/app'],
  ['ghcr.io/acme/app', 'ghcr.io/acme/app'],
  ['GHCR.io:443/acme/app', 'ghcr.io/acme/app'],
  ['ghcr.io:8443/acme/app', 'ghcr.io:8443/acme/app'],
  ['localhost/app', 'localhost/app'],
  ['localhost:5000/app', 'localhost:5000/app'],
  ['LOCALHOST/app', 'localhost/app'],
  ['acme/library/node', 'docker.io/acme/library/node'],
  ['$REGISTRY/app', '$REGISTRY/app'],
  ['*/app', '*/app'],
  ['', 'docker.io/library/'],
] as const)
  test(`'${written}' is ${full} in full`, () => {
    assert.equal(imageNameInFull(written), full);
    assert.equal(imageNameInFull(full), full, 'a full name stays as it is');
  });
