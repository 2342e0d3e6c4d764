/** A test of the host of a parsed address speaks of the address, however it is read again. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { openLaboratory } from '../analysed.ts';
import { type MarkedProgram, misjudgedLines } from '../marked-program.ts';

const PROGRAMS: readonly MarkedProgram[] = [
  {
    title: 'urllib',
    path: 'app.py',
    library: false,
    lines: `import requests
from urllib.parse import urlparse, urlsplit
from flask import Flask, abort, redirect, request
app = Flask(__name__)
HOSTS = {'api.acme.test'}
@app.route('/a')
def a():
    parsed = urlparse(request.args['u'])
    if parsed.netloc not in HOSTS:
        abort(400)
    return {'size': len(requests.get(parsed.geturl()).text)} # // GOOD
@app.route('/b')
def b():
    parsed = urlparse(request.args['u'])
    if parsed.scheme != 'https':
        abort(400)
    return {'size': len(requests.get(parsed.geturl()).text)} # // BAD
@app.route('/c')
def c():
    parsed = urlparse(request.args['u'])
    if parsed.netloc != request.args['host']:
        abort(400)
    return {'size': len(requests.get(parsed.geturl()).text)} # // BAD
@app.route('/d')
def d():
    target = request.args.get('next')
    if not target or urlsplit(target).netloc:
        target = '/'
    return redirect(target) # // GOOD
@app.route('/e')
def e():
    target = request.args.get('next')
    if urlsplit(target).netloc:
        return redirect(target) # // BAD
    return redirect('/')
@app.route('/f')
def f():
    target = request.args.get('next')
    if urlparse(target).netloc != request.host:
        return redirect('/')
    return redirect(target) # // GOOD`.split('\n'),
  },
  {
    title: 'net/url',
    path: 'main.go',
    library: false,
    lines: `package main

import (
	"net/http"
	"net/url"
)

var hosts = map[string]bool{"api.acme.test": true}

func a(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil || u.Host != "api.acme.test" {
		return
	}
	http.Get(u.String()) // GOOD
}

func b(w http.ResponseWriter, r *http.Request) {
	u, err := url.ParseRequestURI(r.FormValue("u"))
	if err != nil || !hosts[u.Host] {
		return
	}
	http.Get(u.String()) // GOOD
}

func c(w http.ResponseWriter, r *http.Request) {
	u, err := url.Parse(r.FormValue("u"))
	if err != nil || u.Scheme != "https" {
		return
	}
	http.Get(u.String()) // BAD
}

func d(w http.ResponseWriter, r *http.Request) {
	u, _ := url.Parse(r.FormValue("u"))
	if u.Host == "api.acme.test" {
		return
	}
	http.Get(u.String()) // BAD
}`.split('\n'),
  },
  {
    title: 'a field of the application that somebody set',
    path: 'set.py',
    library: false,
    lines: `import os
from flask import Flask, request
app = Flask(__name__)
app.secret_key = os.environ['KEY']
@app.get('/a')
def a():
    return '<b>' + request.args['q'] # // BAD
@app.get('/b')
def b():
    return {'q': request.args['q']} # // GOOD`.split('\n'),
  },
];

describe('what a parsed address says', () => {
  const opened = openLaboratory();
  after(async () => (await opened)[Symbol.dispose]());
  for (const program of PROGRAMS)
    it(`is known of ${program.title}`, async () => assert.deepEqual(await misjudgedLines(program, await opened), []));
});
