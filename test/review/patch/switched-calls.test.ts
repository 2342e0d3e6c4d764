/** Patches that write a call in another way: what is worked out, what is made for it, what a template says is safe. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadGrammars, lowerJavaScript, lowerPython } from '../../../src/code/index.ts';
import { completeFinding } from '../../../src/findings/index.ts';
import { type PatchJudgement, type ReadCode, verifyPatch } from '../../../src/review/index.ts';
import { memoryTree } from '../../support/memory-tree.ts';
import { engine } from '../support/engine.ts';

const grammars = await loadGrammars(['python', 'typescript']);
const readCode: ReadCode = (file) =>
  file.path.endsWith('.py') ? lowerPython(file, grammars) : lowerJavaScript(file, grammars);

async function judge(
  path: string,
  before: string,
  rule: string,
  edits: readonly [string, string][],
): Promise<PatchJudgement> {
  const tree = memoryTree({ [path]: before });
  const [result] = await engine({ trees: [tree], only: undefined, threatModel: 'service' });
  const draft = result?.findings.find((finding) => finding.rule === rule);
  assert.ok(draft, `${rule} is found`);
  const target = completeFinding(draft);
  const after = edits.reduce((text, [from, to]) => {
    assert.ok(text.includes(from), from);
    return text.replace(from, () => to);
  }, before);
  const files = [{ path, before, after }];
  return verifyPatch({ tree, files, target, engine, threatModel: 'service', readCode });
}

async function states(
  path: string,
  before: string,
  rule: string,
  edits: readonly (readonly [string, string][])[],
): Promise<readonly string[]> {
  const judged = [];
  for (const one of edits) judged.push((await judge(path, before, rule, one)).state);
  return judged;
}

const FETCH = "import requests\ndef fetch(path):\n    return requests.get('https://acme.test/' + path, verify=False)\n";
const RUN = 'from flask import Flask\nimport os\napp = Flask(__name__)\napp.run(debug=True)\n';
const TOKEN =
  "import { randomBytes } from 'node:crypto';\nexport function resetToken() {\n  return Math.random().toString(36).slice(2);\n}\n";
const MADE = 'Math.random().toString(36).slice(2)';
const USER = "import jwt from 'jsonwebtoken';\nexport function user(token: string) {\n  return jwt.decode(token);\n}\n";
const PAGE =
  "from flask import Flask, request, render_template_string\napp = Flask(__name__)\n@app.route('/')\ndef page():\n    name = request.args['name']\n    return render_template_string('<p>' + name + '</p>')\n";
const TEMPLATE = "'<p>' + name + '</p>'";

describe('a call that a patch writes in another way', () => {
  it('is not mended by a switch that is worked out, unless a setting says it', async () => {
    assert.deepEqual(
      await states('app.py', FETCH, 'CODE45', [
        [['verify=False', 'verify=bool(0)']],
        [['verify=False', "verify='/etc/ssl/certs/corp.pem'"]],
        [[', verify=False', '']],
      ]),
      ['unverified', 'verified', 'verified'],
    );
    assert.deepEqual(
      await states('app.py', RUN, 'CODE49', [
        [['debug=True', "debug=(__name__ == '__main__')"]],
        [['debug=True', "debug=os.environ.get('FLASK_DEBUG') == '1'"]],
      ]),
      ['unverified', 'verified'],
    );
  });

  it('is mended by the call that is made for it', async () => {
    assert.deepEqual(
      await states('token.ts', TOKEN, 'CODE41', [
        [[MADE, "randomBytes(32).toString('hex')"]],
        [[MADE, "randomBytes(2).toString('hex')"]],
        [[MADE, 'Date.now().toString(36)']],
        [[MADE, `${MADE} + ${MADE}`]],
      ]),
      ['verified', 'unverified', 'rejected', 'rejected'],
    );
    assert.deepEqual(
      await states('user.ts', USER, 'CODE54', [
        [['jwt.decode(token)', "jwt.verify(token, process.env.KEY as string, { algorithms: ['HS256'] })"]],
        [['jwt.decode(token)', "jwt.verify(token, process.env.KEY as string, { algorithms: ['HS256', 'none'] })"]],
        [['jwt.decode(token)', "jwt.verify(token, '')"]],
      ]),
      ['verified', 'unverified', 'rejected'],
    );
  });

  it('is not mended by a template that says its values are safe', async () => {
    assert.deepEqual(
      await states('app.py', PAGE, 'CODE05', [
        [[TEMPLATE, "'<p>{{ name }}</p>', name=name"]],
        [[TEMPLATE, "'<p>{{ name|safe }}</p>', name=name"]],
      ]),
      ['verified', 'rejected'],
    );
  });
});
