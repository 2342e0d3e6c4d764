/** Programs for rows whose form is more than one call: entry points, returns, attributes, parameters. */
export interface WrittenCase {
  readonly row: string;
  /** Path of both files; the ending says the language. */
  readonly path: string;
  readonly attack: string;
  readonly benign: string;
}

/** A case whose twins differ in one word. */
function swapped(row: string, path: string, attack: string, from: string, to: string): WrittenCase {
  if (!attack.includes(from)) throw new Error(`${row}: the attack does not hold ${from}`);
  return { row, path, attack, benign: attack.replace(from, to) };
}

const py = (row: string, attack: string, from: string, to: string, path = 'app.py') =>
  swapped(row, path, attack, from, to);
const js = (row: string, attack: string, from: string, to: string, path = 'server.js') =>
  swapped(row, path, attack, from, to);

const PYTHON: readonly WrittenCase[] = [
  py(
    'py-slow-compiled',
    'import re\nfrom flask import Flask, request\napp = Flask(__name__)\nNAME = re.compile(r"^(a+)+$")\n@app.route("/")\ndef view():\n    return {"ok": bool(NAME.search(request.args["q"]))}\n',
    '(a+)+',
    'a+',
  ),
  py(
    'py-record-by-key',
    'def view(request, key):\n    eval(Page.objects.other(key).body)\n',
    'objects.other',
    'objects.get',
  ),
  py(
    'py-subprocess-either-shell',
    'import platform, subprocess\ndef view(request):\n    if platform.system() == "Windows":\n        args = ["cmd.exe", "/c"]\n    else:\n        args = ["sh", "-c"]\n    args.append(request.GET["q"])\n    subprocess.run(args)\n',
    'request.GET["q"]',
    '"ls"',
  ),
  py(
    'py-flask-return',
    'from flask import Flask, request\napp = Flask(__name__)\n@app.route("/")\ndef view():\n    return "<b>" + request.args["q"]\n',
    'request.args["q"]',
    '"q"',
  ),
  py(
    'py-bottle-return',
    'from bottle import get, request\n@get("/")\ndef view():\n    return "<b>" + request.query["q"]\n',
    'request.query["q"]',
    '"q"',
  ),
  py(
    'py-lambda-html',
    'def lambda_handler(event, context):\n    return {"statusCode": 200, "body": "<b>" + event["q"]}\n',
    'event["q"]',
    '"q"',
  ),
  py(
    'py-click-parameter',
    'import typer\ndef main(name: str = typer.Argument(...)):\n    eval(name)\n',
    'typer.Argument',
    'typer.Other',
  ),
  py(
    'py-fastapi-parameter',
    'from fastapi import Query\ndef helper(q: str = Query(...)):\n    eval(q)\n',
    'Query(...)',
    '"x"',
  ),
  py(
    'py-celery',
    'from celery import shared_task\nfrom flask import request\n@shared_task\ndef work():\n    eval(request.args["q"])\n',
    'request.args["q"]',
    '"1"',
  ),
  py(
    'py-django-view-function',
    'def view(request, name):\n    eval(name)\n',
    'view(request, name)',
    'view(wanted, name)',
  ),
  py(
    'py-django-view-class',
    'from django.views import View\nclass Page(View):\n    def get(self, request, name):\n        eval(request.GET["q"])\n',
    'request.GET["q"]',
    '"1"',
  ),
  py(
    'py-drf-view',
    'from rest_framework.views import APIView\nclass Page(APIView):\n    def post(self, request):\n        eval(request.data["q"])\n',
    'request.data["q"]',
    '"1"',
  ),
  py(
    'py-drf-function',
    'from rest_framework.decorators import api_view\n@api_view(["POST"])\ndef page(call):\n    eval(call.data["q"])\n',
    '@api_view(["POST"])',
    '@other(["POST"])',
  ),
  py(
    'py-starlette-route',
    'from starlette.routing import Route\nasync def page(call):\n    eval(call.query_params["q"])\nroutes = [Route("/", page)]\n',
    'Route("/", page)',
    'Other("/", page)',
  ),
  py(
    'py-starlette-endpoint',
    'from starlette.endpoints import HTTPEndpoint\nclass Page(HTTPEndpoint):\n    async def get(self, call):\n        eval(call.query_params["q"])\n',
    'class Page(HTTPEndpoint)',
    'class Page(Other)',
  ),
  py(
    'py-aiohttp-decorator',
    'from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get("/")\nasync def page(call):\n    eval(call.query["q"])\n',
    '@routes.get("/")',
    '@routes.other("/")',
  ),
  py(
    'py-aiohttp-registration',
    'from aiohttp import web\nasync def page(call):\n    eval(call.query["q"])\napp = web.Application()\napp.router.add_get("/", page)\n',
    'add_get',
    'other',
  ),
  py(
    'py-aiohttp-view',
    'from aiohttp import web\nclass Page(web.View):\n    async def get(self):\n        eval(self.request.query_params)\n',
    'self.request.query_params',
    '"1"',
  ),
  py(
    'py-pyramid-view',
    'from pyramid.view import view_config\n@view_config(route_name="x")\ndef page(call):\n    eval(call.params["q"])\n',
    '@view_config',
    '@other',
  ),
  py(
    'py-lambda-handler',
    'def lambda_handler(event, context):\n    eval(event["q"])\n',
    'lambda_handler(event, context)',
    'helper(one, two)',
  ),
  py(
    'py-httpserver-handler',
    'from http.server import BaseHTTPRequestHandler\nclass Page(BaseHTTPRequestHandler):\n    def do_GET(self):\n        eval(self.path)\n',
    'self.path',
    'self.server_version',
  ),
  py(
    'py-wsgi-application',
    'def application(environ, start_response):\n    eval(environ["QUERY_STRING"])\n',
    'application(environ, start_response)',
    'helper(one, two)',
  ),
  py(
    'py-sax',
    'import flask\nimport xml.sax\nimport xml.sax.handler\ndef view(request):\n    parser = xml.sax.make_parser()\n    parser.setFeature(xml.sax.handler.feature_external_ges, True)\n    parser.parse(request.body)\n',
    'feature_external_ges, True',
    'feature_external_ges, False',
  ),
];

const JAVASCRIPT: readonly WrittenCase[] = [
  js(
    'js-record-by-key',
    'async function show(req, res) {\n  eval((await Page.other(req.query.id)).body);\n}\n',
    'Page.other',
    'Page.findByPk',
  ),
  js(
    'js-form-parse',
    "const formidable = require('formidable');\nconst form = new formidable.IncomingForm();\nform.parse(request, (error, fields) => { eval(fields.name); });\n",
    'fields.name',
    "'name'",
  ),
  js(
    'js-form-event',
    "const Busboy = require('busboy');\nconst reader = new Busboy({});\nreader.on('file', (field, file, name) => { eval(name); });\n",
    'eval(name)',
    "eval('name')",
  ),
  js(
    'js-slow-expression',
    "require('express')().get('/', (req, res) => res.json(/^(a+)+$/.test(req.query.q)));\n",
    '(a+)+',
    'a+',
  ),
  js(
    'js-slow-search',
    "require('express')().get('/', (req, res) => res.json(req.query.q.match(/^(a+)+$/)));\n",
    '(a+)+',
    'a+',
  ),
  js(
    'js-web-view',
    'const page = () => <WebView url={location.hash.slice(1)} />;\n',
    'location.hash.slice(1)',
    "'https://example.test/'",
    'page.jsx',
  ),
  js(
    'js-web-view-html',
    'const page = () => <WebView html={location.hash} />;\n',
    'location.hash',
    "'text'",
    'page.jsx',
  ),
  js(
    'js-next-props-redirect',
    'export async function getServerSideProps(context) {\n  return { redirect: { destination: context.query.next } };\n}\n',
    'context.query.next',
    "'/home'",
  ),
  js(
    'js-nest-return',
    "import { Controller, Get, Query } from '@nestjs/common';\n@Controller()\nexport class Page {\n  @Get()\n  show(@Query('q') q: string) {\n    return '<b>' + q;\n  }\n}\n",
    "'<b>' + q",
    "'<b>'",
    'page.ts',
  ),
  js(
    'js-nest-redirect',
    "import { Controller, Get, Query } from '@nestjs/common';\n@Controller()\nexport class Page {\n  @Get()\n  go(@Query('q') q: string) {\n    return { url: q };\n  }\n}\n",
    'url: q',
    "url: '/home'",
    'page.ts',
  ),
  js(
    'js-hapi-return',
    "const hapi = require('@hapi/hapi');\nhapi.server().route({ path: '/', handler: (call, h) => '<b>' + call.query.q });\n",
    'call.query.q',
    "'q'",
  ),
  js(
    'js-lambda-html',
    "exports.handler = async (event) => {\n  return { statusCode: 200, headers: { 'Content-Type': 'text/html' }, body: '<b>' + event.q };\n};\n",
    'event.q',
    "'q'",
  ),
  js(
    'js-response-type-header',
    "require('express')().get('/', (req, res) => {\n  res.setHeader('Content-Type', 'text/html');\n  res.end(req.query.q);\n});\n",
    'text/html',
    'text/plain',
  ),
  js(
    'js-response-type',
    "require('express')().get('/', (req, res) => {\n  res.type('html');\n  res.end(req.query.q);\n});\n",
    'html',
    'txt',
  ),
  js(
    'js-response-head',
    "require('express')().get('/', (req, res) => {\n  res.writeHead(200, { 'Content-Type': 'text/html' });\n  res.end(req.query.q);\n});\n",
    'text/html',
    'application/json',
  ),
  js(
    'js-response-head-lower',
    "require('express')().get('/', (req, res) => {\n  res.writeHead(200, { 'content-type': 'text/html' });\n  res.end(req.query.q);\n});\n",
    'text/html',
    'application/json',
  ),
  js(
    'js-react-html',
    'export function Page() {\n  return <p dangerouslySetInnerHTML={{ __html: window.location.hash }} />;\n}\n',
    'window.location.hash',
    "'fixed'",
    'page.jsx',
  ),
  js(
    'js-react-href',
    'export function Page() {\n  return <a href={window.location.hash.slice(1)}>x</a>;\n}\n',
    'window.location.hash.slice(1)',
    "'/home'",
    'page.jsx',
  ),
  js(
    'js-vue-html',
    'export function Page() {\n  return <p domPropsInnerHTML={window.location.hash} />;\n}\n',
    'window.location.hash',
    "'fixed'",
    'page.jsx',
  ),
  js(
    'js-next-router-query',
    "import { useRouter } from 'next/router';\nexport function Page() {\n  const router = useRouter();\n  eval(router.query.q);\n}\n",
    'router.query.q',
    "'1'",
  ),
  js(
    'js-nest-body',
    "import { Body, Post } from '@nestjs/common';\nexport class Page {\n  @Post()\n  make(@Body() data: any) {\n    eval(data.q);\n  }\n}\n",
    '@Body() data',
    'data',
    'page.ts',
  ),
  js(
    'js-nest-text',
    "import { Param, Get } from '@nestjs/common';\nexport class Page {\n  @Get()\n  make(@Param('q') q: string) {\n    eval(q);\n  }\n}\n",
    "@Param('q') q",
    'q',
    'page.ts',
  ),
  js(
    'js-nest-file',
    "import { UploadedFile, Post } from '@nestjs/common';\nexport class Page {\n  @Post()\n  make(@UploadedFile() file: any) {\n    eval(file.originalname);\n  }\n}\n",
    '@UploadedFile() file',
    'file',
    'page.ts',
  ),
  js(
    'js-nest-graphql',
    "import { Args } from '@nestjs/graphql';\nexport class Page {\n  find(@Args('q') q: string) {\n    eval(q);\n  }\n}\n",
    "@Args('q') q",
    'q',
    'page.ts',
  ),
  js(
    'js-commander-action',
    "const { program } = require('commander');\nprogram.command('x').action((name) => eval(name));\n",
    'action(',
    'other(',
  ),
  js(
    'js-express-route',
    "const express = require('express');\nconst app = express();\napp.get('/', (call, answer) => eval(call.query.q));\n",
    'app.get',
    'app.other',
  ),
  js(
    'js-express-error-handler',
    "const express = require('express');\nconst app = express();\napp.use((problem, call, answer, next) => eval(call.query.q));\n",
    'app.use',
    'app.other',
  ),
  js('js-express-handler', 'function show(req, res) {\n  eval(req.query.q);\n}\n', 'req.query.q', "'1'"),
  js(
    'js-express-error-handler-name',
    'function failed(err, req, res) {\n  eval(req.body.q);\n}\n',
    'req.body.q',
    "'1'",
  ),
  js(
    'js-restify-route',
    "const server = require('restify').createServer();\nserver.get('/', (call, answer) => eval(call.query.q));\n",
    'server.get',
    'server.other',
  ),
  js(
    'js-socket-connection',
    "const { WebSocketServer } = require('ws');\nnew WebSocketServer().on('connection', (one) => {\n  one.on('message', (text) => eval(text));\n});\n",
    'eval(text)',
    "eval('1')",
  ),
  js('js-socket-message', "socket.on('message', (text) => eval(text));\n", 'eval(text)', "eval('1')"),
  js(
    'js-koa-route',
    "const Koa = require('koa');\nnew Koa().use(async (call) => eval(call.query.q));\n",
    '.use',
    '.other',
  ),
  js(
    'js-koa-handler',
    'export async function show(ctx) {\n  eval(ctx.request.body.q);\n}\n',
    'ctx.request.body.q',
    "'1'",
  ),
  js(
    'js-fastify-route',
    "const server = require('fastify')();\nserver.get('/', async (call, answer) => eval(call.query.q));\n",
    'server.get',
    'server.other',
  ),
  js(
    'js-fastify-handler',
    'async function show(request, reply) {\n  eval(request.query.q);\n}\n',
    'request.query.q',
    "'1'",
  ),
  js(
    'js-next-route',
    'export async function POST(call) {\n  eval(await call.text());\n}\n',
    'POST',
    'helper',
    'app/api/run/route.ts',
  ),
  js(
    'js-next-api',
    'export default function handler(call, answer) {\n  eval(call.query.q);\n}\n',
    'call.query.q',
    "'1'",
    'pages/api/run.js',
  ),
  js(
    'js-next-page',
    'export default function Page(props) {\n  eval(props.searchParams.q);\n}\n',
    'props.searchParams.q',
    "'1'",
    'app/run/page.jsx',
  ),
  js(
    'js-next-server-props',
    'export async function getServerSideProps(context) {\n  eval(context.query.q);\n}\n',
    'getServerSideProps',
    'helper',
  ),
  js(
    'js-next-action',
    "'use server';\nexport async function run(data) {\n  eval(data);\n}\n",
    'eval(data)',
    "eval('1')",
    'app/actions.ts',
  ),
  js(
    'js-next-middleware',
    'export function middleware(call) {\n  eval(call.nextUrl.search);\n}\n',
    'middleware(call)',
    'helper(call)',
    'src/middleware.ts',
  ),
  js(
    'js-nest-route',
    "import { Get, Query } from '@nestjs/common';\nexport class Page {\n  @Get()\n  show(@Query('q') q: string) {\n    eval(q);\n  }\n}\n",
    'eval(q)',
    "eval('1')",
    'page.ts',
  ),
  js(
    'js-hono-route',
    "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/', async (call) => eval(await call.req.text()));\n",
    'call.req.text()',
    "'1'",
  ),
  js(
    'js-hapi-route',
    "const hapi = require('@hapi/hapi');\nhapi.server().route({ path: '/', handler: (call, h) => eval(call.query.q) });\n",
    '.route',
    '.other',
  ),
  js('js-hapi-handler', 'const handler = (request, h) => eval(request.payload.q);\n', 'request.payload.q', "'1'"),
  js(
    'js-remix-loader',
    'export async function loader({ params }) {\n  eval(params.q);\n}\n',
    'loader',
    'helper',
    'app/routes/run.jsx',
  ),
  js(
    'js-worker-fetch',
    'export default {\n  async fetch(request, env) {\n    eval(await request.text());\n  },\n};\n',
    'request.text()',
    "'1'",
  ),
  js('js-bun-deno-serve', 'Deno.serve(async (call) => eval(await call.text()));\n', 'Deno.serve', 'Deno.other'),
  js(
    'js-http-server',
    "const http = require('http');\nhttp.createServer((call, answer) => eval(call.url));\n",
    'createServer',
    'other',
  ),
  js('js-lambda-handler', 'exports.handler = async (event) => eval(event.q);\n', 'event.q', "'1'"),
  js(
    'js-cloud-function',
    "const functions = require('firebase-functions');\nexports.run = functions.https.onRequest((call, answer) => eval(call.query.q));\n",
    'onRequest',
    'other',
  ),
  js(
    'js-message-listener',
    "window.addEventListener('message', (event) => eval(event.data));\n",
    'addEventListener',
    'other',
  ),
  js(
    'js-location-assign',
    "const target = new URLSearchParams(window.location.search).get('next');\nwindow.location = target;\n",
    'window.location = target',
    "window.location = '/home'",
  ),
];

export const WRITTEN_CASES: readonly WrittenCase[] = [...PYTHON, ...JAVASCRIPT];
