import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Comparer, openComparer } from './comparer.ts';
import { type LossPair, testLossPairs, weakened } from './loss-pairs.ts';

const save = (test: string): string =>
  `function save(req, store) {\n  if (${test}) {\n    verifyCsrfToken(req);\n  }\n  store.put(req.body);\n}\n`;
const remove = (test: string): string =>
  `def remove(request, doc):\n    if ${test}:\n        if not request.user.is_admin:\n            raise PermissionDenied()\n    doc.delete()\n`;
const install = (body: string): string =>
  `package a\n\nfunc Install(data []byte, proof []byte, keys *Ring) error {\n${body}\treturn unpack(data)\n}\n`;
const hook = (body: string): string =>
  `export function receive(body: string, signature: string) {\n${body}  return handle(body);\n}\n`;
const names = (list: string): string =>
  `function start(env) {\n  const dangerousNames = [${list}];\n  for (const name of Object.keys(env)) if (dangerousNames.includes(name)) throw new Error(name);\n  run(env);\n}\n`;
const complain = (given: string): string =>
  `def get(self, request):\n    if request.GET.get("spec") is None:\n        return HttpResponseBadRequest("Not a spec: " + self.spec${given})\n    return self.render(request)\n`;
const grant = (value: string): string =>
  `function authorize(req, user, level) {\n  const page = ${value};\n  user.levels[page] = level;\n  return user;\n}\n`;
const target = (body: string): string =>
  `def is_safe_url(target, host):\n${body}    return urlparse(target).netloc in ("", host)\n`;
const query = (body: string): string =>
  `package a\n\nfunc (r Rewrite) Rewrite(path string, query string) string {\n${body}\treturn expand(path + query)\n}\n`;
const card = (call: string): string =>
  `async function read(req, res) {\n  const card = await cards.${call};\n  res.json(card);\n}\n`;

const NARROWED: readonly LossPair[] = [
  {
    title: 'a check runs for one of two methods only',
    path: 'save.js',
    control: 'check-made-conditional',
    old: save("req.method === 'POST' || req.method === 'PUT'"),
    lost: save("req.method === 'POST'"),
    kept: save("req.method === 'PUT' || req.method === 'POST'"),
  },
  {
    title: 'a refusal stands below fewer cases',
    path: 'remove.py',
    control: 'guard-made-conditional',
    old: remove('doc.locked or doc.shared'),
    lost: remove('doc.locked'),
    kept: remove('doc.shared or doc.locked or doc.archived'),
  },
  {
    title: 'only what brings a proof has it checked',
    path: 'install.go',
    control: 'check-made-conditional',
    old: install('\tif err := VerifyProof(data, proof, keys); err != nil {\n\t\treturn err\n\t}\n'),
    lost: install(
      '\tif len(proof) > 0 {\n\t\tif err := VerifyProof(data, proof, keys); err != nil {\n\t\t\treturn err\n\t\t}\n\t}\n',
    ),
    kept: install(
      '\tif len(proof) == 0 {\n\t\treturn ErrNoProof\n\t}\n\tif err := VerifyProof(data, proof, keys); err != nil {\n\t\treturn err\n\t}\n',
    ),
  },
  {
    title: 'a signature is checked when there is one',
    path: 'hook.ts',
    control: 'check-made-conditional',
    old: hook('  verifySignature(body, signature);\n'),
    lost: hook('  if (signature) verifySignature(body, signature);\n'),
    kept: hook('  if (!signature) throw new Unauthorized();\n  verifySignature(body, signature);\n'),
  },
  {
    title: 'a list of what does harm lost one',
    path: 'start.js',
    control: 'deny-list-shrunk',
    old: names("'PATH', 'LD_PRELOAD', 'NODE_OPTIONS'"),
    lost: names("'PATH', 'LD_PRELOAD'"),
    kept: names("'NODE_OPTIONS', 'PATH', 'LD_PRELOAD'"),
  },
  {
    title: 'an answer in plain text became a page',
    path: 'views.py',
    control: 'security-option-weakened',
    old: complain(', content_type="text/plain"'),
    lost: complain(''),
    kept: complain(', content_type="text/plain; charset=utf-8"'),
  },
  {
    title: 'a name is no longer decoded in a function that gives access',
    path: 'authorize.js',
    control: 'normalisation-removed',
    old: grant('decodeURIComponent(req.params.page)'),
    lost: grant('req.params.page'),
    kept: grant('decodeURIComponent(req.params.page)').replace(/page/g, 'sheet').replace('params.sheet', 'params.page'),
  },
  {
    title: 'a sign that browsers read as another one stays in an address',
    path: 'helpers.py',
    control: 'normalisation-removed',
    old: target('    target = target.replace("\\\\", "/")\n'),
    lost: target(''),
    kept: target('    target = target.replace("\\\\", "/").strip()\n'),
  },
  {
    title: 'braces that a template reads stay in what a stranger sent',
    path: 'access/rewrite.go',
    control: 'normalisation-removed',
    old: query('\tquery = strings.ReplaceAll(query, "{", "%7B")\n'),
    lost: query(''),
    kept: query('\tquery = strings.NewReplacer("{", "%7B").Replace(strings.ReplaceAll(query, "{", "%7B"))\n'),
  },
  {
    title: 'views are left out of a protection',
    path: 'app.py',
    control: 'opening-call-added',
    old: 'def build(app, views):\n    csrf.init_app(app)\n    app.register(views)\n',
    lost: 'def build(app, views):\n    csrf.init_app(app)\n    exempt_views_from_csrf(views)\n    app.register(views)\n',
    kept: 'def build(app, views):\n    csrf.init_app(app)\n    register_views_with_csrf(views)\n    app.register(views)\n',
  },
  {
    title: 'a thing is looked up by its id alone',
    path: 'read.js',
    control: 'scope-argument-dropped',
    old: card('findOne({ _id: req.params.card, boardId: req.params.board })'),
    lost: card('findById(req.params.cardId)'),
    kept: card('findOne({ boardId: req.params.board, _id: req.params.card })'),
  },
];

describe('a check that looks at less', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  testLossPairs(NARROWED, () => comparer);

  it('holds a replacement that only makes a name pretty for none', () => {
    const slug = (value: string) => `function slug(title) {\n  return ${value};\n}\n`;
    assert.deepEqual(weakened(comparer, 'slug.js', slug("title.replace(' ', '-')"), slug('title')), []);
  });
});
