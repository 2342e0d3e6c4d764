import { js, type WrittenCase } from './written-case.ts';

/** Programs for rows of JavaScript libraries that want more than one argument or call. */
export const LIBRARY_CASES: readonly WrittenCase[] = [
  js(
    'js-string-pattern',
    "require('express')().get('/', (req, res) => {\n  res.json('a long text'.search(req.query.q));\n});\n",
    "'a long text'",
    'client',
  ),
  js(
    'js-koa-type',
    "const Koa = require('koa');\nnew Koa().use((ctx) => {\n  ctx.type = 'html';\n  ctx.body = ctx.query.q;\n});\n",
    "'html'",
    "'text'",
  ),
  js(
    'js-koa-type-header',
    "const Koa = require('koa');\nnew Koa().use((ctx) => {\n  ctx.set('Content-Type', 'text/html');\n  ctx.body = ctx.query.q;\n});\n",
    'text/html',
    'text/plain',
  ),
  js(
    'js-fastify-type',
    "const app = require('fastify')();\napp.get('/', (request, reply) => reply.type('text/html').send(request.query.q));\n",
    'text/html',
    'text/plain',
  ),
  js(
    'js-fastify-type-header',
    "const app = require('fastify')();\napp.get('/', (request, reply) => reply.header('Content-Type', 'text/html').send(request.query.q));\n",
    'text/html',
    'text/plain',
  ),
  js(
    'js-archive-event',
    "const unzipper = require('unzipper');\nunzipper.Parse().on('entry', (entry) => {\n  eval(entry.path);\n});\n",
    'eval(entry.path)',
    'eval("1")',
  ),
  js(
    'js-archive-open',
    "const yauzl = require('yauzl');\nyauzl.open('a.zip', (error, archive) => {\n  archive.on('entry', (entry) => eval(entry.fileName));\n});\n",
    'eval(entry.fileName)',
    'eval("1")',
  ),
  js(
    'js-deep-extend',
    "const extend = require('extend');\nrequire('express')().post('/', (req, res) => {\n  extend(true, {}, req.body);\n});\n",
    'true, ',
    '',
  ),
  js(
    'js-mongo-aggregate',
    "require('express')().post('/', (req, res) => {\n  users.all.aggregate([{ $match: { name: req.body.name } }]);\n});\n",
    'req.body.name',
    'String(req.body.name)',
  ),
  js(
    'js-response-attachment',
    "require('express')().get('/', (req, res) => {\n  res.location('/x');\n  res.end(req.query.q);\n});\n",
    "location('/x')",
    "attachment('x')",
  ),
  js(
    'js-response-type-headers',
    "require('express')().get('/', (req, res) => {\n  res.set({ 'Content-Type': 'text/html' });\n  res.end(req.query.q);\n});\n",
    'text/html',
    'text/plain',
  ),
  js(
    'js-response-type-headers-lower',
    "require('express')().get('/', (req, res) => {\n  res.set({ 'content-type': 'text/html' });\n  res.end(req.query.q);\n});\n",
    'text/html',
    'text/plain',
  ),
  js(
    'js-parsed-node',
    "const page = new DOMParser().parseFromString(location.hash, 'text/html');\ndocument.body.append(page.body);\n",
    'document.body.append',
    'console.log',
  ),
  js(
    'js-set-attribute',
    "require('express')().get('/', (req, res) => {\n  res.send($('#x').other('title', req.query.q));\n});\n",
    'other',
    'attr',
  ),
  js(
    'js-set-attributes',
    "require('express')().get('/', (req, res) => {\n  res.send($('#x').other({ title: req.query.q }));\n});\n",
    'other',
    'attr',
  ),
  js(
    'js-angular-sanitize',
    "const { SecurityContext } = require('@angular/core');\nrequire('express')().get('/', (req, res) => {\n  res.send(dom.other(SecurityContext.HTML, req.query.q));\n});\n",
    'dom.other',
    'dom.sanitize',
  ),
  js(
    'js-response-disposition',
    "require('express')().get('/', (req, res) => {\n  res.setHeader('Content-Disposition', 'inline');\n  res.end(req.query.q);\n});\n",
    'inline',
    'attachment; filename=a.txt',
  ),
  js(
    'js-dom-script-text',
    "const made = document.createElement('script');\nmade.text = location.hash.slice(1);\n",
    "'script'",
    "'style'",
  ),
  js(
    'js-file-content',
    "const fs = require('fs');\nrequire('express')().get('/', (req) => {\n  eval(fs.realpathSync(req.query.q));\n});\n",
    'realpathSync',
    'readFileSync',
  ),
  js(
    'js-date-format',
    "const { format } = require('date-fns');\nrequire('express')().get('/', (req) => {\n  eval(format(now, req.query.q));\n});\n",
    'now, req.query.q',
    "req.query.q, 'yyyy'",
  ),
];
