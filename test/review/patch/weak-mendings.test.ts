/** What looks like a protection and is none, each beside a twin that is one. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meansOf } from '../support/means.ts';

const SCRIPT = `import { act, log } from './actions';
import { isOwner, limit, schema } from './access';

export async function handle(req: Request, res: Response) {
  const text = req.body.text;
  return act(text);
}
`;
const BEFORE = '  return act(text);';

/** What is written before the call, in words of its own, and a twin of it that protects. */
const PAIRS: readonly { readonly reason: RegExp; readonly weak: string; readonly sound: string }[] = [
  {
    reason: /refuses and then goes on/,
    weak: "if (!isOwner(req)) { res.status(403).send('no'); }",
    sound: "if (!isOwner(req)) { res.status(403).send('no'); return; }",
  },
  {
    reason: /refuses and then goes on/,
    weak: 'if (!isOwner(req)) { log(req); res.sendStatus(401); }',
    sound: 'if (!isOwner(req)) { log(req); throw new Error("no"); }',
  },
  {
    reason: /a value that nothing uses/,
    weak: "text.replaceAll(/[^a-z]/g, '');",
    sound: "history.replaceState({}, '');",
  },
  {
    reason: /catches what a check throws/,
    weak: 'try { schema.parse(req.body); } catch (error) { console.warn(error); }',
    sound: 'try { schema.parse(req.body); } catch (error) { console.warn(error); throw error; }',
  },
  {
    reason: /only the first/,
    weak: "const clean = text.replace('..', '');",
    sound: "const clean = text.replaceAll('..', '');",
  },
  {
    reason: /only the first/,
    weak: "const clean = text.replace(/['\"]/, '');",
    sound: "const clean = text.replace(/['\"]/g, '');",
  },
  {
    reason: /only the first/,
    weak: "const clean = text.replace('<', '&lt;');",
    sound: "const clean = text.replace('Bearer ', '');",
  },
  {
    reason: /escapes by hand/,
    weak: "const clean = text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');",
    sound:
      "const clean = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\"', '&quot;');",
  },
  {
    reason: /hides a text/,
    weak: `const path = atob('${Buffer.from('secret-page').toString('base64')}');`,
    sound: "const path = atob('/////w==');",
  },
  {
    reason: /hides a text/,
    weak: `const key = Buffer.from('${Buffer.from('open sesame').toString('hex')}', 'hex');`,
    sound: "const key = Buffer.from(req.body.key, 'hex');",
  },
  {
    reason: /a header that the client chooses/,
    weak: "limit({ max: 5, keyGenerator: ({ headers }) => headers['x-forwarded-for'] });",
    sound: 'limit({ max: 5, keyGenerator: ({ ip }) => ip });',
  },
];

describe('the means of a patch', () => {
  for (const { reason, weak, sound } of PAIRS) {
    it(`are none when it adds ${weak}`, async () => {
      const written = (line: string): string => SCRIPT.replace(BEFORE, `  ${line}\n${BEFORE}`);
      const judged = await meansOf('a.ts', SCRIPT, written(weak));
      assert.match(judged?.reason ?? '', reason);
      assert.equal(judged?.outcome, 'failed');
      assert.equal((await meansOf('a.ts', SCRIPT, written(sound)))?.outcome, 'passed', sound);
    });
  }

  it('are none when a new value is only held against a pattern, and some when it is looked up', async () => {
    const asked = SCRIPT.replace('handle(req', 'handle(proof: string, req');
    const pattern = asked.replace(BEFORE, `  if (!/^[0-9]+$/.test(proof)) return undefined;\n${BEFORE}`);
    const known = asked.replace(BEFORE, `  if (!(await isOwner(proof))) return undefined;\n${BEFORE}`);
    assert.match((await meansOf('a.ts', SCRIPT, pattern))?.reason ?? '', /how it is written/);
    assert.equal((await meansOf('a.ts', SCRIPT, known))?.outcome, 'passed');
  });

  it('are not blamed on what was there before', async () => {
    const before = SCRIPT.replace(BEFORE, `  const clean = text.replace('..', '');\n${BEFORE}`);
    const after = before.replace('export async', '\nexport async').replace(BEFORE, `  await isOwner(req);\n${BEFORE}`);
    assert.equal((await meansOf('a.ts', before, after))?.outcome, 'passed');
  });

  it('know that replace of Python replaces all', async () => {
    const before = 'from actions import act\n\n\ndef handle(text):\n    return act(text)\n';
    const after = before.replace('act(text)\n', "act(text.replace('..', ''))\n");
    assert.equal((await meansOf('a.py', before, after))?.outcome, 'passed');
    const idle = before.replace('    return', "    text.replace('..', '')\n    return");
    assert.match((await meansOf('a.py', before, idle))?.reason ?? '', /nothing uses/);
  });
});
