/** A forge that answers anything: an error with a code at worst, in bounded time, and the token nowhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SallyportError } from '../../src/errors/index.ts';
import { type Forge, type ForgeName, openForge } from '../../src/forges/index.ts';
import { type ForgeReply, manualTime, startForge } from './support/forge-server.ts';
import { referenceTo, remarkAt } from './support/remarks.ts';

const TOKEN = 'token_that_nobody_may_see';
const CHANGE = referenceTo('a'.repeat(40));
const MARKER = '<!-- sallyport:summary:review -->';
const RUNS = Math.min(200, Number(process.env['SALLYPORT_FUZZ_RUNS'] ?? 12));

const CALLS: readonly ((forge: Forge) => Promise<unknown>)[] = [
  (forge) => forge.readChange(CHANGE),
  (forge) => forge.readReviews(CHANGE),
  (forge) => forge.isOnBranch(CHANGE, 'b'.repeat(40), 'main'),
  (forge) => forge.postSummary(CHANGE, { marker: MARKER, markdown: MARKER }),
  (forge) => forge.postRemarks(CHANGE, [remarkAt(3)]),
  (forge) => forge.setLabels(CHANGE, ['a'], ['b']),
  (forge) =>
    forge.postCheck(CHANGE, {
      name: 'sallyport/gate',
      conclusion: 'failure',
      title: '',
      summary: '',
      annotations: [],
      detailsUrl: undefined,
    }),
];

/** Fields that our readers look at, with values that they do not expect. */
const field = fc.constantFrom(
  'id',
  'user',
  'author',
  'body',
  'head',
  'base',
  'sha',
  'value',
  'data',
  'notes',
  'message',
  '__proto__',
);
const { body } = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1, 1e308, '', 'x', `echo ${TOKEN}`),
    fc.array(tie('body'), { maxLength: 3 }),
    fc.dictionary(field, tie('body'), { maxKeys: 5 }),
  ),
}));
const reply = fc.record({ status: fc.constantFrom(200, 201, 203, 204, 302, 400, 401, 403, 404, 422, 429, 500), body });

for (const name of ['github', 'gitlab', 'gitea', 'azure'] satisfies readonly ForgeName[]) {
  test(`whatever ${name} answers, a call ends with a value or an error that has a code`, async () => {
    let replies: readonly ForgeReply[] = [];
    let sent = 0;
    await using server = await startForge('', () => replies[sent++ % replies.length]);
    const property = fc.asyncProperty(
      fc.array(reply, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...CALLS),
      async (some, call) => {
        replies = some.map(({ status, body: json }) => (status === 204 ? { status } : { status, body: json }));
        sent = 0;
        const forge = openForge({ forge: name, apiUrl: server.url, token: TOKEN }, manualTime());
        try {
          await call(forge);
        } catch (error) {
          assert.ok(error instanceof SallyportError, String(error));
          assert.doesNotMatch(`${error.message} ${error.stack}`, new RegExp(TOKEN));
        }
        assert.ok(sent < 300, `${sent} requests`);
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  });
}
