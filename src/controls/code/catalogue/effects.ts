import type { CodeControl } from '../model.ts';
import { example } from './example.ts';

/** New powers of a file. */
export const EFFECT_CONTROLS: readonly CodeControl[] = [
  {
    id: 'sink-added',
    group: 'sink',
    title: 'The code can do something dangerous',
    meaning: 'A call that runs text as code, starts a program, reads objects that run code or writes HTML was added.',
    why: 'What reaches it from outside decides what the program does.',
    examples: [
      example(
        'python',
        'def load(data):\n    return json.loads(data)\n',
        'def load(data):\n    return pickle.loads(data)\n',
        'def load(text):\n    return json.loads(text)\n',
      ),
      example(
        'javascript',
        'function run(rule) {\n  return rules[rule];\n}\n',
        'function run(rule) {\n  return eval(rule);\n}\n',
        'function run(name) {\n  return rules[name];\n}\n',
      ),
    ],
  },
  {
    id: 'secret-logged',
    group: 'sink',
    title: 'A secret is written to a log',
    meaning:
      'A call that writes to a log is given a value by whose name it is a password, a key, a token or the number of a card.',
    why: 'Logs are kept long, read by many and sent to other services.',
    examples: [
      example(
        'typescript',
        'function charge(apiKey: string) {\n  logger.info({ done: true }, "charge");\n}\n',
        'function charge(apiKey: string) {\n  logger.info({ done: true, apiKey }, "charge");\n}\n',
        'function charge(apiKey: string) {\n  logger.info({ done: true, cents: 5 }, "charge");\n}\n',
      ),
      example(
        'go',
        'package a\n\nfunc Login(user, password string) {\n\tlog.Printf("login of %s", user)\n}\n',
        'package a\n\nfunc Login(user, password string) {\n\tlog.Printf("login of %s %s", user, password)\n}\n',
        'package a\n\nfunc Login(user, password string) {\n\tlog.Printf("login of %s, %d characters", user, len(password))\n}\n',
      ),
    ],
  },
  {
    id: 'error-shown',
    group: 'sink',
    title: 'An answer shows what went wrong inside',
    meaning:
      'The message or the stack of an error is given to a call that answers, where it was given a text of its own.',
    why: 'Paths, queries and versions tell an attacker where to try next.',
    examples: [
      example(
        'javascript',
        "function fail(error, request, response) {\n  response.status(500).json({ error: 'Internal error' });\n}\n",
        'function fail(error, request, response) {\n  response.status(500).json({ error: error.message, stack: error.stack });\n}\n',
        "function fail(error, request, response) {\n  response.status(500).json({ error: 'Something broke' });\n}\n",
      ),
      example(
        'go',
        'package a\n\nfunc Fail(w Writer, err error) {\n\thttp.Error(w, "internal error", 500)\n}\n',
        'package a\n\nfunc Fail(w Writer, err error) {\n\thttp.Error(w, err.Error(), 500)\n}\n',
        'package a\n\nfunc Fail(w Writer, err error) {\n\tlog.Print(err.Error())\n\thttp.Error(w, "internal error", 500)\n}\n',
      ),
    ],
  },
  {
    id: 'risky-import-added',
    group: 'sink',
    title: 'A dangerous module is imported',
    meaning: 'A module for starting programs, running text or reading objects was not imported before.',
    why: 'It is the first half of a new power.',
    examples: [
      example(
        'javascript',
        "import { readFile } from 'node:fs';\n",
        "import { readFile } from 'node:fs';\nimport { exec } from 'node:child_process';\n",
        "import { readFile, stat } from 'node:fs';\n",
      ),
    ],
  },
  {
    id: 'environment-read-added',
    group: 'sink',
    title: 'A secret is read from the environment',
    meaning: 'A variable whose name is about access is read that was not read before.',
    why: 'Secrets of the build or the service come into reach.',
    examples: [
      example(
        'javascript',
        'const port = process.env.PORT;\n',
        'const port = process.env.PORT;\nconst key = process.env.DEPLOY_TOKEN;\n',
        'const port = process.env.PORT;\nconst name = process.env.NAME;\n',
      ),
    ],
  },
  {
    id: 'host-added',
    group: 'sink',
    title: 'Another host is named',
    meaning: 'The address of a host stands in the code that did not stand there before.',
    why: 'Data may go there.',
    examples: [
      example(
        'go',
        'package a\n\nvar home = "https://app.example.test/a"\n',
        'package a\n\nvar home = "https://collect.example.org/a"\n',
        'package a\n\nvar home = "https://app.example.test/b"\n',
      ),
    ],
  },
];
