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
