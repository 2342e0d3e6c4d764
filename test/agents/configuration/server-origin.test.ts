import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExact, originOf } from '../../../src/agents/index.ts';

const CASES: readonly [command: string, expected: string][] = [
  ['npx -y @scope/server', 'package @scope/server - unpinned'],
  ['npx -y @scope/server@1.2.3', 'package @scope/server 1.2.3 pinned'],
  ['npx -y server@latest', 'package server latest unpinned'],
  ['npx --package=server@2.0.0 server-bin', 'package server 2.0.0 pinned'],
  ['npx -p server@^2.0.0 server-bin', 'package server ^2.0.0 unpinned'],
  ['bunx server@1', 'package server 1 unpinned'],
  ['pnpm dlx server@1.0.0', 'package server 1.0.0 pinned'],
  ['npm exec -- server@1.0.0', 'package server 1.0.0 pinned'],
  ['uvx mcp-notes==0.21.0', 'package mcp-notes 0.21.0 pinned'],
  ['uvx --from mcp-notes@1.2.0 notes', 'package mcp-notes 1.2.0 pinned'],
  ['uvx mcp-notes', 'package mcp-notes - unpinned'],
  ['uvx --from git+https://github.com/acme/notes notes', 'repository git+https://github.com/acme/notes - unpinned'],
  ['pipx run notes', 'package notes - unpinned'],
  ['docker run -i --rm -e TOKEN ghcr.io/acme/notes:1.2', 'image ghcr.io/acme/notes 1.2 unpinned'],
  ['docker run -i --rm ghcr.io/acme/notes@sha256:00ff', 'image ghcr.io/acme/notes sha256:00ff pinned'],
  ['cmd /c npx -y server', 'package server - unpinned'],
  ['env A=1 npx server@1.0.0', 'package server 1.0.0 pinned'],
  ['sudo -u agent npx server@1.0.0', 'package server 1.0.0 pinned'],
  ['timeout 60 uvx mcp-notes', 'package mcp-notes - unpinned'],
  ['stdbuf -o L npx -y server', 'package server - unpinned'],
  ['node tools/server.mjs', 'local tools/server.mjs - unpinned'],
  ['./bin/server', 'local ./bin/server - unpinned'],
  ['sh -c run', 'shell sh - unpinned'],
  ['notes-server serve', 'program notes-server - unpinned'],
];

test('what a command starts is known, with its version and whether that is exact', () => {
  for (const [command, expected] of CASES) {
    const origin = originOf(command.split(' '), undefined);
    const text = `${origin.kind} ${origin.name} ${origin.version ?? '-'} ${origin.pinned ? 'pinned' : 'unpinned'}`;
    assert.equal(text, expected, command);
  }
});

test('a server without a command is the host of its address', () => {
  assert.deepEqual(originOf([], 'https://user@Notes.example.test:8443/mcp').name, 'notes.example.test:8443');
});

test('only a full version is exact', () => {
  for (const version of ['1.2.3', '2026.1.26', '1.0.0-beta.2', 'v1.2.3']) assert.ok(isExact(version), version);
  for (const version of ['latest', 'next', '1', '^1.2.3', '~1.2.3', '1.x', '>=1.0.0', '*'])
    assert.ok(!isExact(version), version);
});
