import type { CodeControl } from '../model.ts';
import { example } from './example.ts';

/** Lists, patterns, policies and constraints. */
export const TEXT_CONTROLS: readonly CodeControl[] = [
  {
    id: 'allow-list-widened',
    group: 'list',
    title: 'A list of what is allowed is longer',
    meaning: 'An element was added to a list whose name allows, trusts, exempts or skips.',
    why: 'It lets in what was kept out; a star lets in everything.',
    examples: [
      example(
        'python',
        'ALLOWED_HOSTS = ["app.example.test"]\n',
        'ALLOWED_HOSTS = ["app.example.test", "*"]\n',
        'ALLOWED_HOSTS = ("app.example.test",)\n',
      ),
    ],
  },
  {
    id: 'deny-list-shrunk',
    group: 'list',
    title: 'A list of what is refused or demanded is shorter',
    meaning: 'An element left a list whose name denies, protects, hides or requires.',
    why: 'What was refused passes, what was hidden shows.',
    examples: [
      example(
        'javascript',
        "const protectedFields = ['password', 'token'];\n",
        "const protectedFields = ['token'];\n",
        'const protectedFields = ["token", "password"];\n',
      ),
    ],
  },
  {
    id: 'pattern-anchor-removed',
    group: 'pattern',
    title: 'A pattern lost an anchor',
    meaning: '`^`, `$`, `\\A` or `\\z` at an end of a regular expression is gone.',
    why: 'A text that merely contains what is allowed matches.',
    examples: [
      example(
        'javascript',
        'const host = /^app\\.example\\.test$/;\n',
        'const host = /^app\\.example\\.test/;\n',
        'const host = /^app\\.example\\.test$/; // the only one\n',
      ),
      example(
        'go',
        'package a\n\nvar name = regexp.MustCompile(`^[a-z]+$`)\n',
        'package a\n\nvar name = regexp.MustCompile(`[a-z]+`)\n',
        'package a\n\nvar name = regexp.MustCompile("^[a-z]+$")\n',
      ),
    ],
  },
  {
    id: 'pattern-loosened',
    group: 'pattern',
    title: 'A pattern matches more',
    meaning: 'A class, a quantifier, an alternative or a flag makes a regular expression match more texts.',
    why: 'What was refused as malformed is accepted.',
    examples: [
      example(
        'python',
        'TOKEN = re.compile("^(abc|def)$")\n',
        'TOKEN = re.compile("^(abc|def|.*)$")\n',
        "TOKEN = re.compile('^(abc|def)$')\n",
      ),
    ],
  },
  {
    id: 'pattern-changed',
    group: 'pattern',
    title: 'A pattern is another one',
    meaning: 'A regular expression changed, and whether it matches more or less is not told.',
    why: 'Which way it goes is a question for a person.',
    examples: [
      example(
        'javascript',
        'const token = /^[0-9a-f]{32}$/;\n',
        'const token = /^[0-9a-z]{8}$/;\n',
        'const token = /^[0-9a-f]{32}$/ ;\n',
      ),
    ],
  },
  {
    id: 'policy-widened',
    group: 'policy-text',
    title: 'A rule written as text lets in more',
    meaning: 'A clause that had to hold is gone from a rule, or another way to meet it was added.',
    why: 'The policy engine grants what it refused.',
    examples: [
      example(
        'python',
        "RULE = 'role:admin and domain_id:%(target.domain_id)s'\n",
        "RULE = 'role:admin'\n",
        "RULE = 'domain_id:%(target.domain_id)s and role:admin'\n",
      ),
    ],
  },
  {
    id: 'policy-changed',
    group: 'policy-text',
    title: 'A rule written as text is another one',
    meaning: 'A rule changed, and neither is the other one with more or less.',
    why: 'Which way it goes is a question for a person.',
    examples: [
      example(
        'python',
        "RULE = 'role:admin and domain_id:%(target.domain_id)s'\n",
        "RULE = 'role:reader and domain_id:%(target.domain_id)s'\n",
        'RULE = "role:admin and domain_id:%(target.domain_id)s"\n',
      ),
    ],
  },
  {
    id: 'query-scope-dropped',
    group: 'policy-text',
    title: 'A query is no longer narrowed to an owner',
    meaning: 'A condition of a query that named the owner, tenant or project is gone.',
    why: 'Things of other people are found by guessing an id.',
    examples: [
      example(
        'java',
        'class A {\n  String sql = "SELECT * FROM notes WHERE id = ? AND owner_id = ?";\n}\n',
        'class A {\n  String sql = "SELECT * FROM notes WHERE id = ?";\n}\n',
        'class A {\n  String sql = "SELECT * FROM notes WHERE owner_id = ? AND id = ?";\n}\n',
      ),
    ],
  },
  {
    id: 'query-interpolated',
    group: 'policy-text',
    title: 'A query is put together with a value',
    meaning: 'Where a parameter was bound, the text of a query holds the value itself.',
    why: 'Who chooses the value writes the query.',
    examples: [
      example(
        'javascript',
        "function find(db, name) {\n  return db.query(`SELECT * FROM notes WHERE kind = 'n' AND name LIKE $1`, [name]);\n}\n",
        "function find(db, name) {\n  return db.query(`SELECT * FROM notes WHERE kind = 'n' AND name LIKE '${name}'`);\n}\n",
        "function find(db, name) {\n  return db.query(`SELECT * FROM notes WHERE name LIKE $1 AND kind = 'n'`, [name]);\n}\n",
      ),
    ],
  },
  {
    id: 'constraint-removed',
    group: 'policy-text',
    title: 'A field is checked less',
    meaning: 'A rule of a struct tag or a schema for a field is gone, or the field became optional.',
    why: 'Values that were refused reach the code behind.',
    examples: [
      example(
        'go',
        'package a\n\ntype Form struct {\n\tName string `binding:"Required;AlphaDash"`\n}\n',
        'package a\n\ntype Form struct {\n\tName string\n}\n',
        'package a\n\ntype Form struct {\n\tName string `binding:"AlphaDash;Required"`\n}\n',
      ),
      example(
        'typescript',
        'const form = z.object({ mail: z.string().email() });\n',
        'const form = z.object({ mail: z.string() });\n',
        'const form = z.object({ mail: z.string().email().max(80) });\n',
      ),
    ],
  },
];
