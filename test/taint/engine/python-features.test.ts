import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';
import { flaskProgram } from './handler.ts';

/** What the engine must follow, and what must stop it. `q` holds the visitor's text; bodies stand in a Flask handler. */
interface Pair {
  readonly feature: string;
  readonly attack: string;
  readonly benign: string;
  readonly rule?: string;
  /** Definitions above the handler. */
  readonly above?: string;
}

const PAIRS: readonly Pair[] = [
  { feature: 'an assignment', attack: 'x = q\nos.system(x)', benign: 'x = q\nx = "ls"\nos.system(x)' },
  {
    feature: 'a target behind a starred one',
    attack: '*rest, last = ["x", q]\nos.system(last)',
    benign: '*rest, last = [q, "x"]\nos.system(last)',
  },
  {
    feature: 'dictionaries that are joined in place',
    attack: 'd = {}\nd |= {"a": q}\nos.system(d["a"])',
    benign: 'd = {"a": "x"}\nd |= {"b": "y"}\nos.system(d["a"])',
  },
  {
    feature: 'a `yield` in the middle of an expression',
    above: 'def give(x):\n    taken = [(yield x)]',
    attack: 'for v in give(q):\n    os.system(v)',
    benign: 'for v in give("x"):\n    os.system(v)',
  },
  {
    feature: 'a named tuple that is taken apart',
    above: 'from typing import NamedTuple\nclass Pair(NamedTuple):\n    a: str\n    b: str',
    attack: 'a, b = Pair("x", q)\nos.system(b)',
    benign: 'a, b = Pair("x", q)\nos.system(a)',
  },
  {
    feature: 'a setter',
    above:
      'class C:\n    @property\n    def v(self):\n        return 1\n    @v.setter\n    def v(self, x):\n        os.system(x)',
    attack: 'c = C()\nc.v = q',
    benign: 'c = C()\nc.v = "x"',
  },
  {
    feature: 'a method that a class defines within `try`, `else` or a loop',
    above:
      'class C:\n    try:\n        import pwd\n    except ImportError:\n        pass\n    else:\n        def go(self, x):\n            os.system(x)',
    attack: 'C().go(q)',
    benign: 'C().go("x")',
  },
  {
    feature: 'a method by another name of the class',
    above:
      'class C:\n    def go(self, x):\n        os.system(x)\n    run = go\n    call = staticmethod(lambda x: os.system(x))',
    attack: 'C().run(q)',
    benign: 'C().run("x")',
  },
  {
    feature: 'a method of which stubs stand above',
    above:
      'from typing import overload\nclass C:\n    @overload\n    def go(self, x: str): ...\n    @overload\n    def go(self, x: int): ...\n    def go(self, x):\n        os.system(x)',
    attack: 'C().go(q)',
    benign: 'C().go("x")',
  },
  {
    feature: 'statements of the body of a class',
    attack: 'class C:\n    v = q\n    os.system(v)',
    benign: 'class C:\n    v = "x"\n    os.system(v)',
  },
  {
    feature: 'a module by its name in a text',
    above: 'import importlib',
    attack: '__import__("os").system(q)\nimportlib.import_module("os").system(q)',
    benign: '__import__("os").system("x")',
  },
  {
    feature: 'a library of which every name is imported',
    above: 'from subprocess import *\nfrom os import *',
    attack: 'system(q)',
    benign: 'system("x")\nsomething_else(q)',
  },
  { feature: 'text put together', attack: 'os.system("ls " + q)', benign: 'os.system("ls " + "a")' },
  { feature: 'an f-string', attack: 'os.system(f"ls {q}")', benign: 'os.system(f"ls {1}")' },
  { feature: '`%` with a tuple', attack: 'os.system("ls %s %s" % ("a", q))', benign: 'os.system("ls %s" % ("a",))' },
  {
    feature: '`format` by name',
    attack: 'os.system("ls {d}".format(d=q))',
    benign: 'os.system("ls {d}".format(d="a"))',
  },
  { feature: '`join`', attack: 'os.system(" ".join(["ls", q]))', benign: 'os.system(" ".join(["ls", "a"]))' },
  {
    feature: 'a function that is called like a method of texts',
    attack: 'os.system(re.split(",", q)[0] + shlex.split(q)[1])',
    benign: 'os.system(re.split(",", "a,b")[0])',
  },
  {
    feature: 'the options of a command line, of which only the names are known',
    above: 'import getopt',
    attack: 'opts, rest = getopt.getopt([q], "a:")\nfor opt, arg in opts:\n    os.system(arg)',
    benign: 'opts, rest = getopt.getopt([q], "a:")\nfor opt, arg in opts:\n    os.system(opt)',
  },
  {
    feature: 'a variable of the build that outsiders fill',
    attack: 'os.system("echo " + os.getenv("PR_TITLE"))',
    benign: 'os.system("echo " + os.getenv("HOME"))',
  },
  {
    feature: 'the same by `get` with a default',
    attack: 'os.system("git checkout " + os.environ.get("GITHUB_HEAD_REF", "main"))',
    benign: 'os.system("git checkout " + os.environ.get("BRANCH", "main"))',
  },
  { feature: 'a slice', attack: 'os.system(q[1:-1])', benign: 'os.system("abc"[1:-1])' },
  {
    feature: 'arithmetic that decides a branch',
    attack: 'x = "a"\nif 7 * 6 > 40:\n    x = q\nos.system(x)',
    benign: 'x = "a"\nif 7 * 6 > 50:\n    x = q\nos.system(x)',
  },
  {
    feature: 'containment that decides a branch',
    attack: 'x = "a"\nif "b" in "abc":\n    x = q\nos.system(x)',
    benign: 'x = "a"\nif "z" in "abc":\n    x = q\nos.system(x)',
  },
  {
    feature: 'a conditional expression on constants',
    attack: 'os.system(q if 2 > 1 else "a")',
    benign: 'os.system("a" if 2 > 1 else q)',
  },
  {
    feature: '`match` on a constant',
    attack: 'match "B":\n    case "A":\n        x = "a"\n    case "B" | "C":\n        x = q\nos.system(x)',
    benign: 'match "B":\n    case "B" | "C":\n        x = "a"\n    case _:\n        x = q\nos.system(x)',
  },
  {
    feature: '`match` that names what it found',
    attack: 'match q:\n    case {"k": v}:\n        os.system(v)',
    benign: 'match "k":\n    case v:\n        os.system(v)',
  },
  {
    feature: 'keys of a map',
    attack: 'd = {"a": q, "b": "x"}\nos.system(d["a"])',
    benign: 'd = {"a": q, "b": "x"}\nos.system(d["b"])',
  },
  {
    feature: 'a key set later',
    attack: 'd = {}\nd["a"] = q\nos.system(d.get("a"))',
    benign: 'd = {}\nd["a"] = q\nd["a"] = "x"\nos.system(d.get("a"))',
  },
  {
    feature: 'a key that is not known',
    attack: 'd = {"a": "x"}\nd[str(id)] = q\nos.system(d["b"])',
    benign: 'd = {"a": "x"}\nd[q] = "y"\nos.system("ls")',
  },
  { feature: 'positions of a list', attack: 'l = ["a", q]\nos.system(l[1])', benign: 'l = ["a", q]\nos.system(l[0])' },
  {
    feature: '`append` and `pop`',
    attack: 'l = ["a"]\nl.append(q)\nl.append("c")\nl.pop(0)\nos.system(l[0])',
    benign: 'l = ["a"]\nl.append(q)\nl.append("c")\nl.pop(0)\nos.system(l[1])',
  },
  {
    feature: '`insert`',
    attack: 'l = ["a", "b"]\nl.insert(1, q)\nos.system(l[1])',
    benign: 'l = ["a", "b"]\nl.insert(1, q)\nos.system(l[2])',
  },
  { feature: 'a tuple taken apart', attack: 'a, b = "x", q\nos.system(b)', benign: 'a, b = "x", q\nos.system(a)' },
  {
    feature: 'a starred target',
    attack: 'a, *b = "x", "y", q\nos.system(b[1])',
    benign: 'a, *b = "x", "y", q\nos.system(b[0])',
  },
  {
    feature: 'an object on which keys are set',
    attack: 'c = configparser.ConfigParser()\nc.set("s", "a", q)\nos.system(c.get("s", "a"))',
    benign: 'c = configparser.ConfigParser()\nc.set("s", "a", q)\nc.set("s", "b", "x")\nos.system(c.get("s", "b"))',
  },
  {
    feature: 'a buffer',
    attack: 'b = io.StringIO()\nb.write(q)\nos.system(b.getvalue())',
    benign: 'b = io.StringIO()\nb.write("a")\nos.system(b.getvalue())',
  },
  {
    feature: 'a loop over what is tainted',
    attack: 'for w in q.split(","):\n    os.system(w)',
    benign: 'for w in ["a", "b"]:\n    os.system(w)',
  },
  {
    feature: 'what one round leaves to the next',
    attack: 'x = "a"\nfor i in range(3):\n    os.system(x)\n    x = q',
    benign: 'x = "a"\nfor i in range(3):\n    os.system(x)\n    x = "b"',
  },
  {
    feature: 'a loop that is left early',
    attack: 'x = "a"\nfor w in q.split(","):\n    x = w\n    break\nos.system(x)',
    benign: 'x = "a"\nfor w in q.split(","):\n    break\nos.system(x)',
  },
  {
    feature: '`while` with a walrus',
    attack: 'while (x := q):\n    os.system(x)',
    benign: 'while (x := "a"):\n    os.system(x)\n    break',
  },
  {
    feature: 'a comprehension',
    attack: 'os.system(" ".join([w for w in q.split(",")]))',
    benign: 'os.system(" ".join([w for w in q.split(",") if w in ("a", "b")]))',
  },
  {
    feature: 'a handler of exceptions',
    attack: 'x = "a"\ntry:\n    x = q\n    int("1")\nexcept ValueError:\n    os.system(x)',
    benign: 'x = "a"\ntry:\n    int(q)\nexcept ValueError:\n    os.system(x)',
  },
  {
    feature: '`finally`',
    attack: 'x = "a"\ntry:\n    x = q\nfinally:\n    os.system(x)',
    benign: 'x = q\ntry:\n    x = "a"\nfinally:\n    x = "b"\nos.system(x)',
  },
  {
    feature: '`with`',
    attack: 'with wrap(q) as x:\n    os.system(x)',
    benign: 'with wrap("a") as x:\n    os.system(x)',
  },
  {
    feature: '`del`',
    attack: 'd = {"a": q}\nx = d["a"]\ndel d["a"]\nos.system(x)',
    benign: 'd = {"a": q}\ndel d["a"]\nos.system(d["a"])',
  },
  { feature: '`+=`', attack: 'x = "ls "\nx += q\nos.system(x)', benign: 'x = "ls "\nx += "a"\nos.system(x)' },
  {
    feature: 'a function of the file',
    above: 'def twice(a, b):\n    return b',
    attack: 'os.system(twice("a", q))',
    benign: 'os.system(twice(q, "a"))',
  },
  {
    feature: 'a keyword argument',
    above: 'def pick(*, a, b="x"):\n    return a',
    attack: 'os.system(pick(a=q))',
    benign: 'os.system(pick(a="x", b=q))',
  },
  {
    feature: 'starred arguments',
    above: 'def second(a, b):\n    return b',
    attack: 'l = ["a", q]\nos.system(second(*l))',
    benign: 'l = [q, "a"]\nos.system(second(*l))',
  },
  {
    feature: 'starred keyword arguments',
    above: 'def pick(a, b):\n    return b',
    attack: 'd = {"a": "x", "b": q}\nos.system(pick(**d))',
    benign: 'd = {"a": q, "b": "x"}\nos.system(pick(**d))',
  },
  {
    feature: 'starred parameters',
    above: 'def last(*rest, **more):\n    return rest[1]',
    attack: 'os.system(last("a", q))',
    benign: 'os.system(last(q, "a"))',
  },
  {
    feature: 'a default of a parameter',
    above: 'def run(a="ls"):\n    os.system(a)',
    attack: 'run(q)',
    benign: 'run()',
  },
  {
    feature: 'early return of a helper',
    above: 'def clean(a):\n    if a not in ("x", "y"):\n        return "x"\n    return a',
    attack: 'os.system(q)',
    benign: 'os.system(clean(q))',
  },
  {
    feature: 'a closure',
    attack: 'def inner():\n    os.system(q)\ninner()',
    benign: 'def inner():\n    os.system("a")\ninner()',
  },
  {
    feature: '`nonlocal`',
    attack: 'x = "a"\ndef set_it():\n    nonlocal x\n    x = q\nset_it()\nos.system(x)',
    benign: 'x = "a"\ndef set_it():\n    x = q\nset_it()\nos.system(x)',
  },
  {
    feature: '`global`',
    above: 'state = "a"\ndef put(v):\n    global state\n    state = v',
    attack: 'put(q)\nos.system(state)',
    benign: 'put("b")\nos.system(state)',
  },
  { feature: 'a lambda', attack: 'f = lambda a: a\nos.system(f(q))', benign: 'f = lambda a: "x"\nos.system(f(q))' },
  {
    feature: 'a function passed on',
    above: 'def apply(f, v):\n    return f(v)',
    attack: 'os.system(apply(lambda v: v, q))',
    benign: 'os.system(apply(lambda v: "x", q))',
  },
  {
    feature: '`map`',
    attack: 'os.system(" ".join(map(str.strip, q.split())))',
    benign: 'os.system(" ".join(map(lambda w: "a", q.split())))',
  },
  {
    feature: 'a generator',
    above: 'def parts(v):\n    yield "a"\n    yield v',
    attack: 'for w in parts(q):\n    os.system(w)',
    benign: 'for w in parts("b"):\n    os.system(w)',
  },
  {
    feature: 'fields of an object',
    above: 'class Box:\n    def __init__(self, a, b):\n        self.a = a\n        self.b = b',
    attack: 'o = Box(q, "x")\nos.system(o.a)',
    benign: 'o = Box(q, "x")\nos.system(o.b)',
  },
  {
    feature: 'a method',
    above: 'class Runner:\n    def go(self, v):\n        os.system(v)',
    attack: 'Runner().go(q)',
    benign: 'Runner().go("a")',
  },
  {
    feature: 'an inherited method',
    above:
      'class Base:\n    def get(self):\n        return self.v\nclass Sub(Base):\n    def __init__(self, v):\n        self.v = v',
    attack: 'os.system(Sub(q).get())',
    benign: 'os.system(Sub("a").get())',
  },
  {
    feature: '`super().__init__`',
    above:
      'class Base:\n    def __init__(self, v):\n        self.v = v\nclass Sub(Base):\n    def __init__(self, v):\n        super().__init__(v)',
    attack: 'os.system(Sub(q).v)',
    benign: 'os.system(Sub("a").v)',
  },
  {
    feature: 'a property',
    above:
      'class Box:\n    def __init__(self, v):\n        self._v = v\n    @property\n    def v(self):\n        return self._v',
    attack: 'os.system(Box(q).v)',
    benign: 'os.system(Box("a").v)',
  },
  {
    feature: 'a static method and a class method',
    above:
      'class Tool:\n    @staticmethod\n    def same(v):\n        return v\n    @classmethod\n    def other(cls, v):\n        return "x"',
    attack: 'os.system(Tool.same(q))',
    benign: 'os.system(Tool.other(q))',
  },
  {
    feature: 'a data class',
    above: 'from dataclasses import dataclass\n@dataclass\nclass Row:\n    a: str\n    b: str = "x"',
    attack: 'r = Row(q, "y")\nos.system(r.a)',
    benign: 'r = Row(q, "y")\nos.system(r.b)',
  },
  {
    feature: '`getattr` by a constant',
    above: 'class Box:\n    a = "x"',
    attack: 'o = Box()\no.b = q\nos.system(getattr(o, "b"))',
    benign: 'o = Box()\no.b = q\nos.system(getattr(o, "a"))',
  },
  {
    feature: 'recursion',
    above: 'def deep(v, n):\n    if n == 0:\n        return v\n    return deep(v, n - 1)',
    attack: 'os.system(deep(q, 3))',
    benign: 'os.system(deep("a", 3))',
  },
  { feature: 'numbers', attack: 'os.system("ls " + str(q))', benign: 'os.system("ls " + str(int(q)))' },
  {
    feature: 'an encoding that is taken back',
    attack: 'os.system(base64.b64decode(base64.b64encode(q.encode())).decode())',
    benign: 'os.system(base64.b64encode(q.encode()).decode())',
  },
  {
    feature: 'escaping for another place',
    attack: 'os.system(html.escape(q))',
    benign: 'os.system("ls " + shlex.quote(q))',
  },
  { feature: 'an unknown call', attack: 'os.system(vendor.change(q))', benign: 'os.system(vendor.change("a"))' },
  {
    feature: 'one shell or another in a list',
    above: 'import subprocess, platform',
    attack:
      'c = []\nif platform.system() == "Windows":\n    c.append("cmd.exe")\n    c.append("-c")\nelse:\n    c.append("sh")\n    c.append("-c")\nc.append("echo " + q)\nsubprocess.run(c)',
    benign:
      'c = []\nif platform.system() == "Windows":\n    c.append("where.exe")\n    c.append("-c")\nelse:\n    c.append("which")\n    c.append("-c")\nc.append("echo " + q)\nsubprocess.run(c)',
  },
];

describe('the engine on Python', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  const findsRule = async (pair: Pair, body: string): Promise<boolean> => {
    const files = { 'app.py': flaskProgram(body, pair.above) };
    const result = await laboratory.analyse(files);
    assert.deepEqual(result.gaps, []);
    return flowsOf(result, files).some((flow) => flow.startsWith(`${pair.rule ?? 'command-injection'}@`));
  };

  for (const pair of PAIRS) {
    test(`follows ${pair.feature}`, async () => assert.equal(await findsRule(pair, pair.attack), true));
    test(`is silent where ${pair.feature} carries nothing dangerous`, async () =>
      assert.equal(await findsRule(pair, pair.benign), false));
  }
});
