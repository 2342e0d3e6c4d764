import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ControlChange } from '../../../src/controls/index.ts';
import { type Comparer, openComparer } from './comparer.ts';

/** A line that protects, its absence, and a twin that differs in spelling only. */
interface Form {
  readonly title: string;
  readonly path: string;
  readonly control: string;
  readonly kept: string;
  readonly lost: string;
  readonly twin: string;
}

const follow = (line: string): string =>
  `export function follow(request, url) {\n  request.url = url;\n${line}  return request.send(url.path);\n}\n`;
const load = (name: string): string =>
  `package a\n\nfunc Load(data []byte) (*Index, error) {\n\tindex := &Index{}\n\terr := yaml.${name}(data, index)\n\treturn index, err\n}\n`;
const parse = (options: string): string =>
  `def read(text):\n    parser = etree.XMLParser(${options})\n    return etree.fromstring(text, parser)\n`;
const find = (query: string): string =>
  `def show(request, pk):\n    order = get_object_or_404(${query}, pk=pk)\n    return render(request, order)\n`;
const removes = (last: string): string =>
  `function shouldStripHeader(name, foreign) {\n  return name === 'host' || (foreign && name === 'authorization')${last};\n}\n`;
const show = (line: string): string =>
  `async function show(request, response) {\n${line}  await page.build(request);\n  response.send(page.text);\n}\n`;
const edit = (line: string): string =>
  `function edit(request, response) {\n  const card = cards.get(request.params.id);\n${line}  card.update(request.body);\n}\n`;
const address = (lines: string): string =>
  `def read_address(text):\n    scheme = text.split(":")[0]\n${lines}    return text\n`;
const body = (reader: string): string =>
  `package a\n\nfunc Read(r *Request) ([]byte, error) {\n\treturn ioutil.ReadAll(${reader})\n}\n`;
const chain = (list: string): string => `const middlewares = [${list}];\nrouter.post('/files', middlewares, store);\n`;
const field = (demands: string): string => `export const reaction = schema({ code: { type: String${demands} } });\n`;
const cell = (text: string): string => `def cell(context, name):\n    return ${text}\n`;

const FORMS: readonly Form[] = [
  {
    title: 'what is put before a page to protect it is no longer put there',
    path: 'show.js',
    control: 'security-call-removed',
    kept: show('  await guards.applyCSRF(request, response);\n'),
    lost: show(''),
    twin: show('  // first\n  await guards.applyCSRF(request, response);\n'),
  },
  {
    title: 'what was found is no longer asked whether it belongs to what was asked for',
    path: 'edit.js',
    control: 'guard-removed',
    kept: edit('  if (!card || card.boardId !== request.params.boardId) return response.send(404);\n'),
    lost: edit(''),
    twin: edit('  if (!card || request.params.boardId !== card.boardId) {\n    return response.send(404);\n  }\n'),
  },
  {
    title: 'what is on no list of the allowed no longer leaves empty-handed',
    path: 'address.py',
    control: 'guard-removed',
    kept: address('    if scheme not in ALLOWED_SCHEMES:\n        return None\n'),
    lost: address(''),
    twin: address('    if not scheme in ALLOWED_SCHEMES:\n        return None\n'),
  },
  {
    title: 'what a stranger sends is read without a bound',
    path: 'read.go',
    control: 'security-call-removed',
    kept: body('io.LimitReader(r.Body, maxSize)'),
    lost: body('r.Body'),
    twin: body('io.LimitReader(\n\t\tr.Body, maxSize)'),
  },
  {
    title: 'a check stands behind an upload in a list of what runs in turn',
    path: 'routes.js',
    control: 'middleware-order-changed',
    kept: chain('guards.applyCSRF, files.upload'),
    lost: chain('files.upload, guards.applyCSRF'),
    twin: chain('\n  guards.applyCSRF,\n  files.upload,\n'),
  },
  {
    title: 'a field of a schema demands less',
    path: 'reaction.js',
    control: 'constraint-removed',
    kept: field(', max: 9, match: /^[a-z]+$/'),
    lost: field(''),
    twin: field(',\n  max: 9,\n  match: /^[a-z]+$/,'),
  },
  {
    title: 'a text of parts is called harmless instead of being made so',
    path: 'cell.py',
    control: 'sink-added',
    kept: cell("escape(f'<b>{name}</b>')"),
    lost: cell("mark_safe(f'<b>{name}</b>')"),
    twin: cell('escape(f"<b>{name}</b>")'),
  },
  {
    title: 'a header that says who asks is no longer taken out before a request goes to another host',
    path: 'follow.js',
    control: 'deletion-removed',
    kept: follow("  request.headers.delete('cookie');\n"),
    lost: follow(''),
    twin: follow('  request.headers.delete("cookie");\n'),
  },
  {
    title: 'the strict reader of a format gave way to the other one',
    path: 'load.go',
    control: 'security-call-changed',
    kept: load('UnmarshalStrict'),
    lost: load('Unmarshal'),
    twin: load('UnmarshalStrict').replaceAll('index', 'table'),
  },
  {
    title: 'a reader of XML is no longer told to leave entities alone',
    path: 'read.py',
    control: 'entities-enabled',
    kept: parse('remove_blank_text=True, resolve_entities=False'),
    lost: parse('remove_blank_text=True'),
    twin: parse('resolve_entities=False, remove_blank_text=True'),
  },
  {
    title: 'a function that says what to take out says so of less',
    path: 'strip.js',
    control: 'condition-operand-dropped',
    kept: removes(" || (foreign && name === 'cookie')"),
    lost: removes(''),
    twin: removes(" ||\n    (foreign && name === 'cookie')"),
  },
  {
    title: 'what was looked up for whoever asks is looked up for anybody',
    path: 'views.py',
    control: 'scope-argument-dropped',
    kept: find('Order.objects.filter(customer=request.user.customer)'),
    lost: find('Order.objects.select_related("customer")'),
    twin: find('Order.objects.select_related("customer").filter(customer=request.user.customer)'),
  },
];

describe('forms of protection without a check', () => {
  let comparer: Comparer;
  before(async () => {
    comparer = await openComparer();
  });
  after(() => comparer[Symbol.dispose]());

  const weakened = (path: string, old: string, now: string): readonly ControlChange[] =>
    comparer.compare(path, old, now).filter(({ direction }) => direction !== 'moved' && direction !== 'strengthened');

  for (const { title, path, control, kept, lost, twin } of FORMS) {
    it(`reports that ${title}`, () => {
      const found = weakened(path, kept, lost).filter(({ severity }) => severity !== 'low');
      assert.ok(
        found.some((change) => change.control === control),
        JSON.stringify(found.map((change) => [change.control, change.message])),
      );
    });

    it(`says nothing about another spelling, where ${title}`, () => {
      assert.deepEqual(
        weakened(path, kept, twin).map((change) => change.message),
        [],
      );
    });
  }

  it('takes a new exit after a failed question of access for a check, whatever it answers', () => {
    const upload = (line: string): string =>
      `class Files:\n    def upload(self, path, form):\n${line}        self.validate_form(form)\n        return self.save(path)\n`;
    const question = "        if not self.is_accessible_path(path):\n            return redirect('/')\n";
    assert.deepEqual(weakened('files.py', upload(''), upload(question)), []);
    assert.ok(weakened('files.py', upload(question), upload('')).length > 0);
  });

  it('holds a lookup that was narrowed to whoever asks for graver than one that was narrowed to a name', () => {
    const severity = (narrowed: string) =>
      weakened(
        'views.py',
        find(`Order.objects.filter(${narrowed})`),
        find('Order.objects.select_related("items")'),
      ).find(({ control }) => control === 'scope-argument-dropped')?.severity;
    assert.deepEqual([severity('customer=request.user.customer'), severity('owner=owner')], ['high', 'medium']);
  });

  it('holds a lost question whether a thing belongs to another for graver than one about its look', () => {
    const severity = (question: string) =>
      weakened('edit.js', edit(`  if (${question}) return response.send(404);\n`), edit('')).find(
        ({ control }) => control === 'guard-removed',
      )?.severity;
    assert.equal(severity('card.boardId !== request.params.boardId'), 'high');
    assert.notEqual(severity('card.colour !== request.params.colour'), 'high');
  });

  it('takes a new setting without a value for the default, and a changed one for what it is', () => {
    const open = (argument: string): string => `def open(url${argument}):\n    return session.get(url)\n`;
    assert.deepEqual(weakened('open.py', open(''), open(', verify_ssl=None')), []);
    assert.ok(
      weakened('open.py', open(', verify_ssl=True'), open(', verify_ssl=False')).some(
        ({ control }) => control === 'tls-verification-off',
      ),
    );
  });
});
