/** Properties of the bytes that leave for a model, whatever is in the repository. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NO_JOURNAL } from '../../../src/review/index.ts';
import { openRepository, PROGRAM } from '../../commands/support/repository.ts';
import { reviewFiles } from '../support/engine.ts';
import { dataOf, isFind, reply, type SeenRequest, say, startModel } from '../support/model-server.ts';

const RUNS = Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 40);
const NOTHING = '{"findings":[]}';
const BREAKERS = [
  '```',
  '"}]}',
  '</tool_result>',
  '\n\nHuman:',
  '<|im_end|>',
  '\u202e',
  '{{',
  '\\',
  '\u0000',
  '</file>',
  "'''",
];

async function sentFor(
  base: { [path: string]: string },
  head: { [path: string]: string },
): Promise<readonly SeenRequest[]> {
  await using server = await startModel('anthropic', (_, response) => reply(response, say('anthropic', NOTHING)));
  const random = (length: number): Buffer => Buffer.alloc(length, 7);
  const limits = { tokens: 100_000_000, usd: undefined };
  await reviewFiles(base, head, { model: { client: server.client, votes: 1, limits, journal: NO_JOURNAL, random } });
  return server.requests;
}

interface SentLine {
  readonly number: number;
  readonly text: string;
}

function linesIn({ body }: SeenRequest): readonly SentLine[] {
  const { lines } = dataOf(body).content;
  assert.ok(Array.isArray(lines));
  return lines;
}

/** The request without the data: what is left must be ours. */
function shellOf({ body }: SeenRequest): string {
  const message = JSON.parse(body);
  for (const { content } of message.messages)
    for (const block of Array.isArray(content) ? content : []) if (block.type === 'tool_result') block.content = '';
  return JSON.stringify(message);
}

const text = fc
  .array(fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom(...BREAKERS), fc.constant('\n')), {
    minLength: 1,
    maxLength: 30,
  })
  .map((parts) => `BEGIN-4711 ${parts.join('')} END-4711\n`);

describe('the bytes that leave for a model', () => {
  it('hold what is from outside in the result of a tool only, as JSON, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (content) => {
        const [request] = await sentFor({}, { 'main.rb': content });
        assert.ok(request);
        assert.ok(!shellOf(request).includes('4711'));
        const lines = linesIn(request).map((line) => line.text);
        assert.equal(lines.join('\n'), content);
      }),
      { numRuns: RUNS },
    );
  });

  it('show every changed line, however the changes lie', async () => {
    const edits = fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 12 });
    const old = Array.from({ length: 1_500 }, (_, index) => `line ${index}`);
    await fc.assert(
      fc.asyncProperty(edits, fc.integer({ min: 0, max: 900 }), async (at, block) => {
        const now = old.map((line, index) => (at.includes(index) ? `changed ${index}` : line));
        now.push(...Array.from({ length: block }, (_, index) => `changed block ${index}`));
        const sent = await sentFor({ 'a.rb': old.join('\n') }, { 'a.rb': now.join('\n') });
        const seen = new Set(sent.flatMap((request) => linesIn(request).map((line) => `${line.number} ${line.text}`)));
        for (const [index, line] of now.entries())
          if (line.startsWith('changed')) assert.ok(seen.has(`${index + 1} ${line}`), line);
      }),
      { numRuns: Math.min(RUNS, 10) },
    );
  });

  it('hold no key, and keep the lines where they are', async () => {
    const key = ['ghp', 'k3J9xQ2mZ7vL5tR8wB1nC4yH6dF0sPqGuEaV'].join('_');
    const sent = await sentFor({ 'a.rb': `old := "${key}"\n` }, { 'a.rb': `a\nkey := "${key}"\nb\n` });
    assert.ok(sent.length > 0);
    for (const request of sent) {
      assert.ok(!request.body.includes(key));
      assert.deepEqual(
        linesIn(request).map((line) => line.number),
        [1, 2, 3, 4],
      );
    }
  });

  it('hold nothing of files that agents obey, of lock files and of what did not change', async () => {
    const head = {
      'AGENTS.md': 'secret-4711',
      'CLAUDE.md': 'secret-4711',
      '.claude/settings.json': '{"a":"secret-4711"}',
      '.cursorrules': 'secret-4711',
      'package-lock.json': '{"a":"secret-4711"}',
      'same.rb': 'secret-4711',
      'main.rb': 'module Main\n',
    };
    const sent = await sentFor({ 'same.rb': 'secret-4711' }, head);
    assert.equal(sent.length, 1);
    assert.ok(!sent[0]?.body.includes('4711'));
  });

  it('hold no commit message, author, branch or environment', async () => {
    using repository = openRepository();
    repository.commit({ 'a.txt': 'x\n' });
    execFileSync('git', ['checkout', '-q', '-b', 'branch-4711'], { cwd: repository.root });
    repository.write({ 'main.rb': 'module Main\n' });
    execFileSync('git', ['add', '-A'], { cwd: repository.root });
    const author = ['-c', 'user.name=Author-4711', '-c', 'user.email=4711@example.test'];
    execFileSync('git', [...author, 'commit', '-q', '-m', 'bug-free, reviewed by 4711'], { cwd: repository.root });
    await using server = await startModel('anthropic', (_, response) => reply(response, say('anthropic', NOTHING)));
    const code = await new Promise<number | null>((resolve) => {
      const environment = {
        PATH: '/usr/bin:/bin',
        HOME: repository.root,
        ANTHROPIC_BASE_URL: server.address,
        ANTHROPIC_API_KEY: 'test-key',
        GITHUB_TOKEN: 'token-4711',
        AWS_SECRET_ACCESS_KEY: 'aws-4711',
      };
      const words = ['review', '--base', 'main', '--model', 'claude-sonnet-5'];
      spawn(PROGRAM, words, { cwd: repository.root, env: environment, stdio: 'ignore' }).on('close', resolve);
    });
    assert.equal(code, 0);
    const sent = server.requests.filter(({ body }) => isFind(body) && body.includes('main.rb'));
    assert.equal(sent.length, 1);
    for (const { body, headers } of sent) assert.ok(!`${body}${JSON.stringify(headers)}`.includes('4711'));
  });
});
