import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { containedClaude } from '../../../src/commands/review/contained-claude.ts';
import { claudeCliClient } from '../../../src/review/index.ts';
import { startScriptedModel } from '../../support/scripted-model.ts';

const PROGRAM = resolve(import.meta.dirname, '../../../node_modules/@anthropic-ai/claude-code/bin/claude.exe');
const KEY = 'sk-ant-api03-R34lKeyR34lKeyR34lKeyR34lKeyR34lKeyR34lKey';
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['findings'],
  properties: { findings: { type: 'array', items: { type: 'object' } } },
};

describe('the real Claude Code in the sandbox', () => {
  it('answers a question as a model would, sees nothing but it, and holds no key', { timeout: 120_000 }, async () => {
    assert.ok(existsSync(PROGRAM), `${PROGRAM} is missing: run \`make install\``);
    const turns = [{ calls: [{ tool: 'StructuredOutput', input: { findings: [] } }] }];
    await using server = await startScriptedModel({ turns, final: 'done' }, { key: KEY });
    const environment = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ANTHROPIC_API_KEY: KEY,
      ANTHROPIC_BASE_URL: server.url,
    };
    const client = claudeCliClient({ model: 'claude-sonnet-5', execute: containedClaude(PROGRAM, environment) });
    const answer = await client.complete({
      id: 'unit',
      isRepeated: false,
      stage: 'find',
      system: 'You find security vulnerabilities.',
      data: ['{"mark":"0123","content":{"path":"app.py"}}'],
      question: 'Which vulnerabilities does the slice show?',
      schema: SCHEMA,
      maxOutputTokens: 1_000,
    });
    assert.equal(answer.status, 'ok', JSON.stringify(answer));
    assert.deepEqual(answer.status === 'ok' && answer.json, { findings: [] });
    const asked = server.requests.filter(({ body }) => body.includes('app.py'));
    assert.ok(asked.length > 0);
    for (const { body } of asked) {
      assert.ok(!body.includes(KEY));
      assert.deepEqual(
        JSON.parse(body).tools.map(({ name }: { name: string }) => name),
        ['StructuredOutput'],
      );
    }
  });

  it('that cannot be started is an error, not an empty answer', { timeout: 120_000 }, async () => {
    const client = claudeCliClient({
      model: 'claude-sonnet-5',
      execute: containedClaude('/nonexistent/claude', {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ANTHROPIC_API_KEY: KEY,
      }),
    });
    const answer = await client.complete({
      id: 'unit',
      isRepeated: false,
      stage: 'find',
      system: '',
      data: ['{}'],
      question: '',
      schema: SCHEMA,
      maxOutputTokens: 10,
    });
    assert.equal(answer.status, 'error');
  });
});
