import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';
import { flaskProgram } from './handler.ts';

interface Guard {
  readonly title: string;
  readonly body: string;
  readonly rule: string;
  readonly reported: boolean;
  readonly above?: string;
}

const STOP = '    return "no"\n';

const GUARDS: readonly Guard[] = [
  {
    title: 'a list of what is allowed, left early',
    body: `if q not in ("a", "b"):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a list of what is refused',
    body: `if q in ("a", "b"):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a list of refused names skipped with `continue`',
    body: 'for n in request.headers.keys():\n    if n.lower() in ("host", "accept"):\n        continue\n    os.system(n)',
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a list of allowed names with `continue`',
    body: 'for n in request.headers.keys():\n    if n.lower() not in ("host", "accept"):\n        continue\n    os.system(n)',
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'an allowed value inside of the branch',
    body: 'if q in ALLOWED:\n    os.system(q)',
    above: 'ALLOWED = {"a", "b"}',
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'an allowed value outside of the branch',
    body: 'if q in ALLOWED:\n    pass\nos.system(q)',
    above: 'ALLOWED = {"a", "b"}',
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a list that the visitor sent',
    body: `if q not in request.form.getlist("l"):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'equality with a constant',
    body: `if q != "a":\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'inequality with a constant',
    body: `if q == "a":\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'equality with another text of the visitor',
    body: `if q != request.form["r"]:\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  { title: 'a test for emptiness', body: `if not q:\n${STOP}os.system(q)`, rule: 'command-injection', reported: true },
  { title: 'a test for None', body: `if q is None:\n${STOP}os.system(q)`, rule: 'command-injection', reported: true },
  {
    title: 'a test of the length',
    body: `if len(q) > 10:\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a search that found nothing',
    body: `if q.find("=") == -1:\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a test of the type text',
    body: `if not isinstance(q, str):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a test of the type number',
    body: `if not isinstance(q, int):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a test of the characters',
    body: `if not q.isalnum():\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a strict expression',
    body: `if not re.fullmatch(r"[a-z0-9]+", q):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'an expression that is open at its end',
    body: `if not re.match(r"[a-z0-9]+", q):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'an expression that allows anything',
    body: `if not re.fullmatch(r"[a-z].*", q):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'an expression that is made before',
    body: `if not NAME.fullmatch(q):\n${STOP}os.system(q)`,
    above: 'NAME = re.compile(r"[a-z]+")',
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a check whose result is kept',
    body: `ok = q in ("a", "b")\nif not ok:\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a check in a function',
    body: `if not known(q):\n${STOP}os.system(q)`,
    above: 'def known(v):\n    return v in ("a", "b")',
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'one of two checks that must both fail',
    body: `if q not in ("a", "b") and len(q) > 3:\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'two checks of which one stops',
    body: `if q not in ("a", "b") or len(q) > 3:\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a check of another variable',
    body: `r = request.form["r"]\nif r not in ("a", "b"):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a check that ends in an exception',
    body: 'if q not in ("a", "b"):\n    raise ValueError()\nos.system(q)',
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a check that ends in `abort`',
    body: 'if q not in ("a", "b"):\n    abort(400)\nos.system(q)',
    rule: 'command-injection',
    reported: false,
  },
  { title: 'an assertion', body: 'assert q in ("a", "b")\nos.system(q)', rule: 'command-injection', reported: false },
  {
    title: 'a check of the lower case',
    body: `if q.lower() not in ("a", "b"):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a check of one part only',
    body: `if q.split(",")[0] not in ("a", "b"):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a check of the same member',
    body: `if request.form["d"] not in ("a", "b"):\n${STOP}os.system(request.form["d"])`,
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a check of another member',
    body: `if request.form["d"] not in ("a", "b"):\n${STOP}os.system(request.form["e"])`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'the value stored again after the check',
    body: `if q not in ("a", "b"):\n${STOP}q = request.form["r"]\nos.system(q)`,
    rule: 'command-injection',
    reported: true,
  },

  {
    title: 'a path without two dots',
    body: `if "../" in q:\n${STOP}open("files/" + q)`,
    rule: 'path-traversal',
    reported: false,
  },
  {
    title: 'a path that must hold two dots',
    body: `if "../" not in q:\n${STOP}open("files/" + q)`,
    rule: 'path-traversal',
    reported: true,
  },
  {
    title: 'two dots, but in a command',
    body: `if "../" in q:\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'the beginning of a resolved path',
    body: `p = (pathlib.Path("files") / q).resolve()\nif not str(p).startswith("/srv/files"):\n${STOP}p.read_text()`,
    rule: 'path-traversal',
    reported: false,
  },
  {
    title: 'the beginning of a path as it came',
    body: `p = "files/" + q\nif not p.startswith("files/"):\n${STOP}open(p)`,
    rule: 'path-traversal',
    reported: true,
  },
  {
    title: 'the beginning of `realpath`',
    body: `p = os.path.realpath(os.path.join(ROOT, q))\nif not p.startswith(ROOT):\n${STOP}open(p)`,
    above: 'ROOT = vendor.root()',
    rule: 'path-traversal',
    reported: false,
  },
  {
    title: '`commonpath`',
    body: `p = os.path.realpath(os.path.join(ROOT, q))\nif os.path.commonpath([ROOT, p]) != ROOT:\n${STOP}open(p)`,
    above: 'ROOT = vendor.root()',
    rule: 'path-traversal',
    reported: false,
  },
  {
    title: '`is_relative_to` after `resolve`',
    body: `p = (ROOT / q).resolve()\nif not p.is_relative_to(ROOT):\n${STOP}p.read_text()`,
    above: 'ROOT = pathlib.Path("files")',
    rule: 'path-traversal',
    reported: false,
  },
  { title: '`basename`', body: 'open("files/" + os.path.basename(q))', rule: 'path-traversal', reported: false },

  {
    title: 'the host of an address',
    body: `u = urlparse(q)\nif u.netloc not in ("a.test",):\n${STOP}return redirect(q)`,
    rule: 'open-redirect',
    reported: false,
  },
  {
    title: 'the scheme of an address',
    body: `u = urlparse(q)\nif u.scheme != "https":\n${STOP}return redirect(q)`,
    rule: 'open-redirect',
    reported: true,
  },
  {
    title: 'the host, for a command',
    body: `u = urlparse(q)\nif u.netloc not in ("a.test",):\n${STOP}os.system(q)`,
    rule: 'command-injection',
    reported: true,
  },
  {
    title: 'a host written in the code',
    body: 'requests.get("https://a.test/" + q)',
    rule: 'server-side-request-forgery',
    reported: false,
  },
  {
    title: 'a host that the visitor completes',
    body: 'requests.get("https://a.test" + q)',
    rule: 'server-side-request-forgery',
    reported: true,
  },
  { title: 'a path on the same host', body: 'return redirect("/user/" + q)', rule: 'open-redirect', reported: false },
  { title: 'a path that can become a host', body: 'return redirect("/" + q)', rule: 'open-redirect', reported: true },
  {
    title: 'a prefix that is a whole host',
    body: `if not q.startswith("https://a.test/"):\n${STOP}return redirect(q)`,
    rule: 'open-redirect',
    reported: false,
  },
  {
    title: 'a prefix that is half a host',
    body: `if not q.startswith("https://a.test"):\n${STOP}return redirect(q)`,
    rule: 'open-redirect',
    reported: true,
  },

  {
    title: 'a quotation mark replaced inside of such marks',
    body: 'etree.parse("a.xml").xpath("/a[@b=\'" + q.replace("\'", "&apos;") + "\']")',
    rule: 'xpath-injection',
    reported: false,
  },
  {
    title: 'a quotation mark replaced inside of others',
    body: 'etree.parse("a.xml").xpath(\'/a[@b="\' + q.replace("\'", "&apos;") + \'"]\')',
    rule: 'xpath-injection',
    reported: true,
  },
  {
    title: 'a quotation mark refused',
    body: `if "'" in q:\n${STOP}etree.parse("a.xml").xpath("/a[@b='" + q + "']")`,
    rule: 'xpath-injection',
    reported: false,
  },
  {
    title: 'a quotation mark refused, and none around',
    body: `if "'" in q:\n${STOP}etree.parse("a.xml").xpath("/a[@b=" + q + "]")`,
    rule: 'xpath-injection',
    reported: true,
  },
  {
    title: 'a plain literal between its marks',
    body: `if not q.startswith("'") or not q.endswith("'") or "'" in q[1:-1]:\n${STOP}eval(q)`,
    rule: 'code-injection',
    reported: false,
  },
  {
    title: 'a literal that may end inside',
    body: `if not q.startswith("'") or not q.endswith("'"):\n${STOP}eval(q)`,
    rule: 'code-injection',
    reported: true,
  },
  {
    title: 'letters that are left over',
    body: 'os.system("ls " + re.sub(r"[^a-zA-Z0-9_]", "", q))',
    rule: 'command-injection',
    reported: false,
  },
  {
    title: 'a replacement of one letter',
    body: 'os.system("ls " + re.sub(r"a", "", q))',
    rule: 'command-injection',
    reported: true,
  },
];

describe('a test with early exit', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const { title, body, rule, reported, above } of GUARDS)
    test(`${title}: ${reported ? 'proves nothing' : 'is enough'} (${rule})`, async () => {
      const files = { 'app.py': flaskProgram(body, above) };
      const flows = flowsOf(await laboratory.analyse(files), files);
      assert.equal(
        flows.some((flow) => flow.startsWith(`${rule}@`)),
        reported,
        flows.join(' '),
      );
    });
});
