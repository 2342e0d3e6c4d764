import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { flowsOf, type Laboratory, openLaboratory } from '../analysed.ts';

/** Programs as people write them, with everything that must be found in them and nothing else. */
const PROGRAMS: readonly {
  readonly title: string;
  readonly lines: readonly string[];
  readonly flows: readonly string[];
}[] = [
  {
    title: 'a view of Django',
    lines: [
      'from django.http import HttpResponse',
      'from django.db import connection',
      'import os',
      'def view(request):',
      "    os.system(request.GET['a'])",
      '    connection.cursor().execute("select " + request.POST.get(\'x\'))',
      "    return HttpResponse(request.GET['q'])",
    ],
    flows: ['command-injection@5', 'sql-injection@6', 'cross-site-scripting@7'],
  },
  {
    title: 'a class of views of Django',
    lines: [
      'from django.views import View',
      'import os',
      'class V(View):',
      '    def get(self, request, pk):',
      "        os.system(request.GET['a'])",
      '        os.system(pk)',
    ],
    flows: ['command-injection@5', 'command-injection@6'],
  },
  {
    title: 'a route of FastAPI',
    lines: [
      'from fastapi import FastAPI, Request, Query',
      'import os',
      'app = FastAPI()',
      "@app.get('/x/{name}')",
      'async def r(name: str, n: int, request: Request, q: str = Query(None)):',
      '    os.system(name)',
      "    os.system('ls ' + str(n))",
      '    os.system(q)',
      '    body = await request.json()',
      "    os.system(body['a'])",
    ],
    flows: ['command-injection@6', 'command-injection@8', 'command-injection@10'],
  },
  {
    title: 'a handler of aiohttp that is added to a router',
    lines: [
      'from aiohttp import web',
      'import os',
      'async def h(request):',
      "    os.system(request.query['a'])",
      '    data = await request.post()',
      "    os.system(data['b'])",
      'app = web.Application()',
      "app.router.add_get('/x', h)",
    ],
    flows: ['command-injection@4', 'command-injection@6'],
  },
  {
    title: 'a handler that is registered elsewhere, in a file that brings in aiohttp',
    lines: [
      'from aiohttp import web',
      'import os',
      'async def h(request):',
      "    os.system(request.query.get('a'))",
      '    data = await request.post()',
      "    os.system(data['b'])",
      "    raise web.HTTPFound(request.query.get('next', '/'))",
    ],
    flows: ['command-injection@4', 'command-injection@6', 'open-redirect@7'],
  },
  {
    title: 'a redirect of Flask, whose page shows the address escaped, and an answer that does not',
    lines: [
      'from flask import Flask, make_response, redirect, request',
      'app = Flask(__name__)',
      "@app.route('/a')",
      'def a():',
      "    return redirect(request.args.get('next', '/'))",
      "@app.route('/b')",
      'def b():',
      "    return make_response('<p>' + request.args.get('q') + '</p>')",
    ],
    flows: ['open-redirect@5', 'cross-site-scripting@8'],
  },
  {
    title: 'a handler class of Tornado',
    lines: [
      'import tornado.web, os',
      'class H(tornado.web.RequestHandler):',
      '    def get(self, name):',
      "        os.system(self.get_argument('a'))",
      '        os.system(name)',
      '        self.write(name)',
    ],
    flows: ['command-injection@4', 'command-injection@5', 'cross-site-scripting@6'],
  },
  {
    title: 'a function of AWS Lambda',
    lines: ['import os', 'def lambda_handler(event, context):', "    os.system(event['a'])"],
    flows: ['command-injection@3'],
  },
  {
    title: 'a program with arguments',
    lines: [
      'import sys, os, argparse',
      'def main():',
      '    p = argparse.ArgumentParser()',
      '    a = p.parse_args()',
      '    os.system(a.name)',
      '    os.system(sys.argv[1])',
      'main()',
    ],
    flows: ['command-injection@5', 'command-injection@6'],
  },
  {
    title: 'a view of the REST framework, with lists of arguments',
    lines: [
      'from rest_framework.views import APIView',
      'import subprocess',
      'class A(APIView):',
      '    def post(self, request):',
      "        subprocess.run(request.data['c'], shell=True)",
      "        subprocess.run(['ls', request.data['c']])",
      "        subprocess.run(['sh', '-c', request.data['c']])",
      "        subprocess.run([request.data['c']])",
    ],
    flows: ['command-injection@5', 'command-injection@7', 'command-injection@8'],
  },
  {
    title: 'sinks of a Flask handler, each beside a safe twin',
    lines: [
      'from flask import Flask, request, render_template_string, send_file, session, make_response, jsonify',
      'import pickle, yaml, requests, sqlite3',
      'app = Flask(__name__)',
      "@app.route('/a', methods=['POST'])",
      'def a():',
      "    render_template_string('x' + request.form['t'])",
      "    send_file(request.args['f'])",
      '    pickle.loads(request.data)',
      '    yaml.load(request.data, Loader=yaml.Loader)',
      '    yaml.load(request.data, Loader=yaml.SafeLoader)',
      "    requests.get(request.args['u'])",
      "    cur = sqlite3.connect('a').cursor()",
      "    cur.execute('select * from t where a = ?', (request.args['x'],))",
      "    cur.execute('select * from t where a = %s' % request.args['x'])",
      "    session['u'] = request.args['u']",
      "    return jsonify(a=request.args['x'])",
    ],
    flows: [
      'template-injection@6',
      'path-traversal@7',
      'unsafe-deserialization@8',
      'unsafe-deserialization@9',
      'server-side-request-forgery@11',
      'sql-injection@14',
      'trust-boundary-violation@15',
    ],
  },
];

describe('frameworks of Python', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const { title, lines, flows } of PROGRAMS)
    test(title, async () => {
      const files = { 'app.py': `${lines.join('\n')}\n` };
      assert.deepEqual(flowsOf(await laboratory.analyse(files), files), flows);
    });
});
