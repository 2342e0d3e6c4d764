/** A handler that runs what a stranger sends, and the same with a list of words. */
export const SAFE = `import subprocess
from flask import Flask, request

app = Flask(__name__)


@app.route('/list')
def listing():
    name = request.args['name']
    subprocess.run(['ls', '--', name])
    return 'done'
`;
export const COMMAND = SAFE.replace("subprocess.run(['ls', '--', name])", "subprocess.run('ls ' + name, shell=True)");

/** The same in JavaScript. */
export const SCRIPT_SAFE = `const { execFile } = require('node:child_process');
const express = require('express');

const app = express();

app.get('/list', (request, response) => {
  const name = request.query.name;
  execFile('ls', ['--', name], () => response.end('done'));
});
`;
export const SCRIPT_COMMAND = SCRIPT_SAFE.replace('{ execFile }', '{ exec }').replace(
  "execFile('ls', ['--', name], ",
  "exec('ls ' + name, ",
);

/** A sanitizer, and the same function without it: the sink's own line does not change. */
export const QUOTED = `import shlex
import subprocess
from flask import Flask, request

app = Flask(__name__)


@app.route('/list')
def listing():
    name = request.args['name']
    name = shlex.quote(name)
    subprocess.run('ls ' + name, shell=True)
    return 'done'
`;
export const UNQUOTED = QUOTED.replace('    name = shlex.quote(name)\n', '');
