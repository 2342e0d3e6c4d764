import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GRAMMARS, type Grammars, loadGrammars } from '../../../src/code/index.ts';
import { compareCode } from '../../../src/controls/code/index.ts';
import type { ControlChange } from '../../../src/controls/index.ts';

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

const FORMS: readonly Form[] = [
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
  let grammars: Grammars;
  before(async () => {
    grammars = await loadGrammars(GRAMMARS);
  });
  after(() => grammars[Symbol.dispose]());

  const weakened = (path: string, old: string, now: string): readonly ControlChange[] =>
    compareCode(
      { path, previousPath: undefined, before: { path, text: old }, after: { path, text: now } },
      grammars,
    ).changes.filter(({ direction }) => direction === 'weakened' || direction === 'changed');

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
