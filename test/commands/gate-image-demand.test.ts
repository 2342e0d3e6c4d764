import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDemanded } from '../../src/commands/gate/image-demand.ts';

for (const [pattern, image] of [
  ['ghcr.io/acme/*', 'ghcr.io/acme/builder'],
  ['ghcr.io/acme/*', 'GHCR.IO/acme/builder'],
  ['ghcr.io/acme/*', 'ghcr.io:443/acme/builder'],
  ['ghcr.io/acme/*', 'ghcr.io/${{ github.repository_owner }}/builder'],
  ['ghcr.io/acme/*', '${REGISTRY}/acme/builder'],
  ['ghcr.io/acme/*', '$(registry)/acme/builder'],
  ['acme/*', 'docker.io/acme/builder'],
  ['docker.io/acme/*', 'acme/builder'],
  ['node', 'index.docker.io/library/node'],
  ['*', 'node'],
  ['*/builder', 'ghcr.io/acme/builder'],
  ['ghcr.io/acme/*', `${'a'.repeat(5000)}/x`],
] as const)
  test(`a demand for ${pattern} is about ${image.slice(0, 60)}`, () => assert.equal(isDemanded(pattern, image), true));

for (const [pattern, image] of [
  ['ghcr.io/acme/*', 'ghcr.io/acme-evil/builder'],
  ['ghcr.io/acme/*', 'ghcr.io:8443/acme/builder'],
  ['ghcr.io/acme/*', 'quay.io/$GROUP/builder'],
  ['ghcr.io/acme/*', 'node'],
  ['acme/*', 'ghcr.io/acme/builder'],
  ['node', 'acme/node'],
] as const)
  test(`a demand for ${pattern} is not about ${image}`, () => assert.equal(isDemanded(pattern, image), false));
