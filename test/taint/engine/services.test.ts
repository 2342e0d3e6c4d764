/** Applications of several files as they are written: lines that end in `BAD` are reported, no other line is. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLineIndex } from '../../../src/syntax/index.ts';
import { type Laboratory, openLaboratory } from '../analysed.ts';

type Files = { readonly [path: string]: string };

const lines = (...text: readonly string[]) => `${text.join('\n')}\n`;

const APPLICATIONS: readonly { readonly title: string; readonly files: Files }[] = [
  {
    title: 'a container gives a class what its constructor declares',
    files: {
      'src/jobs.controller.ts': lines(
        "import { Controller, Get, Query } from '@nestjs/common';",
        "import { JobsService } from './jobs.service';",
        "@Controller('jobs')",
        'export class JobsController {',
        '  constructor(private readonly jobs: JobsService) {}',
        '  @Get()',
        "  find(@Query('owner') owner: string) { return this.jobs.find(owner); }",
        '}',
      ),
      'src/jobs.service.ts': lines(
        "import { DataSource } from 'typeorm';",
        'export class JobsService {',
        "  private readonly table = 'jobs';",
        '  constructor(private readonly source: DataSource) {}',
        '  find(owner: string) {',
        "    this.source.query('SELECT * FROM ' + this.table);",
        '    return this.source.query(`SELECT * FROM jobs WHERE owner = ${owner}`); // BAD',
        '  }',
        '}',
      ),
    },
  },
  {
    title: 'classes that want each other come to an end',
    files: {
      'src/a.ts': lines(
        "import { B } from './b';",
        'export class A { constructor(private b: B) {} run(c: string) { this.b.run(c); } }',
      ),
      'src/b.ts': lines(
        "import { execSync } from 'node:child_process';",
        "import { A } from './a';",
        'export class B { constructor(public a: A) {} run(c: string) { execSync(c); } } // BAD',
      ),
      'src/c.ts': lines(
        "import express from 'express';",
        "import { A } from './a';",
        "export const routes = (app: express.Express, a: A) => app.get('/', (req, res) => a.run(String(req.query.c)));",
      ),
    },
  },
  {
    title: 'a later file says that outsiders reach the functions of an earlier one',
    files: {
      'a-resolvers.js': lines(
        "const { execSync } = require('child_process');",
        'module.exports = { Query: {',
        '  log: (_, { branch }) => execSync(`git log ${branch}`), // BAD',
        '  version: (_, { branch }) => execSync(`git log --oneline`),',
        '} };',
      ),
      'server.js': lines(
        "const { ApolloServer } = require('@apollo/server');",
        "const resolvers = require('./a-resolvers');",
        'new ApolloServer({ resolvers });',
      ),
    },
  },
  {
    title: 'what a schema has accepted of the input of a procedure is known in its handler, also behind middleware',
    files: {
      'router.ts': lines(
        "import { initTRPC } from '@trpc/server';",
        "import { z } from 'zod';",
        "import { execSync } from 'node:child_process';",
        'const t = initTRPC.create();',
        'export const a = t.procedure.input(z.object({ name: z.string() })).query(({ input }) => execSync(`git log ${input.name}`)); // BAD',
        "export const b = t.procedure.input(z.object({ name: z.enum(['main', 'dev']) })).query(({ input }) => execSync(`git log ${input.name}`));",
        'export const c = t.procedure.input(z.number().int()).query((call) => execSync(`git log -n ${call.input}`));',
        'export const d = t.procedure.input(z.object({ n: z.number(), s: z.string() })).use(t.middleware(log)).mutation(({ input, ctx }) => {',
        '  execSync(`git log -n ${input.n} ${ctx.user}`);',
        '  execSync(`git log ${input.s}`); // BAD',
        '});',
      ),
    },
  },
  {
    title: 'the address of the request itself leads to its own host',
    files: {
      'middleware.ts': lines(
        "import { NextResponse, type NextRequest } from 'next/server';",
        'export function middleware(request: NextRequest) {',
        '  const url = new URL(request.url);',
        "  if (url.pathname === '/a') return NextResponse.redirect(url.searchParams.get('to')); // BAD",
        "  if (url.pathname === '/b') return NextResponse.redirect(new URL(url.searchParams.get('to'), request.url)); // BAD",
        '  const login = request.nextUrl.clone();',
        "  login.pathname = '/login';",
        "  if (url.pathname === '/c') return NextResponse.redirect(login);",
        "  if (url.pathname === '/d') return NextResponse.redirect(new URL('/x', request.nextUrl.origin));",
        "  return NextResponse.redirect(new URL('/login', request.url));",
        '}',
      ),
    },
  },
  {
    title: 'a record is written with the members that were named, or with all of them',
    files: {
      'users.js': lines(
        "const mongoose = require('mongoose');",
        "const User = mongoose.model('User');",
        "const app = require('express')();",
        "app.post('/a', (req, res) => { new User(req.body).save(); }); // BAD",
        "app.post('/b', (req, res) => { User.findByIdAndUpdate(req.session.id, { ...req.body, seen: true }); }); // BAD",
        "app.post('/c', (req, res) => { const { name } = req.body; new User({ name }).save(); });",
        "app.post('/d', (req, res) => { User.findByIdAndUpdate(req.session.id, { name: String(req.body.name) }); });",
        "app.post('/e', async (req, res) => { await prisma.post.create({ data: req.body }); }); // BAD",
        "app.post('/f', async (req, res) => { await prisma.post.create({ data: { title: req.body.title } }); });",
      ),
    },
  },
  {
    title: 'a function that is run at another time is given what the call was given',
    files: {
      'tasks.py': lines(
        'import requests',
        'def fetch(url):',
        '    requests.get(url)  # BAD',
        'def quiet(url):',
        '    requests.get("https://example.test/")',
      ),
      'jobs.py': lines(
        'from celery import shared_task',
        'import requests',
        '@shared_task',
        'def late(url):',
        '    requests.get(url)  # BAD',
        '@shared_task',
        'def listed(url):',
        '    requests.get(url)  # BAD',
      ),
      'app.py': lines(
        'import asyncio, threading',
        'from flask import Flask, request',
        'from jobs import late, listed',
        'from tasks import fetch, quiet',
        'app = Flask(__name__)',
        '@app.route("/")',
        'async def view():',
        '    late.delay(request.args["u"])',
        '    listed.apply_async(args=[request.args["u"]])',
        '    threading.Thread(target=quiet, args=(request.args["u"],)).start()',
        '    await asyncio.to_thread(fetch, request.args["u"])',
        '    return {}',
      ),
    },
  },
  {
    title: 'a declared type that the framework checks leaves no text of outsiders',
    files: {
      'main.py': lines(
        'import os',
        'from enum import Enum',
        'from typing import Literal',
        'from fastapi import Depends, FastAPI, Query',
        'from pydantic import BaseModel',
        'app = FastAPI()',
        'class Kind(str, Enum):',
        '    png = "png"',
        'class Job(BaseModel):',
        '    name: str',
        '    kind: Kind',
        '    count: int',
        'class Page:',
        '    def __init__(self, sort: str = Query("id"), limit: int = Query(10)):',
        '        self.sort = sort',
        '        self.limit = limit',
        '@app.post("/job")',
        'def job(job: Job, mode: Literal["a", "b"], page: Page = Depends()):',
        '    os.system(f"x {job.kind.value} {job.count} {mode} {page.limit}")',
        '    os.system(f"x {job.name}")  # BAD',
        '    os.system(f"x {page.sort}")  # BAD',
      ),
    },
  },
  {
    title: 'fields of a form that are no texts are told from those that are',
    files: {
      'forms.py': lines(
        'from django import forms',
        'class Note(forms.Form):',
        '    text = forms.CharField()',
        '    amount = forms.IntegerField()',
      ),
      'views.py': lines(
        'import os',
        'from .forms import Note',
        'def note(request):',
        '    form = Note(request.POST)',
        '    if form.is_valid():',
        '        os.system("x %s" % form.cleaned_data["amount"])',
        '        os.system("x %s" % form.cleaned_data["text"])  # BAD',
      ),
    },
  },
  {
    title: 'options of a command line that are no texts are told from those that are',
    files: {
      'first.py': lines(
        'import argparse, os',
        'p = argparse.ArgumentParser()',
        'p.add_argument("host")',
        'p.add_argument("--port", type=int)',
        'p.add_argument("-m", "--run-mode", choices=["a", "b"])',
        'p.add_argument("--dry", action="store_true")',
        'args = p.parse_args()',
        'os.system(f"x {args.port} {args.run_mode} {args.dry}")',
        'os.system(f"x {args.host}")  # BAD',
      ),
      'second.py': lines(
        'import os',
        'import click',
        '@click.command()',
        '@click.argument("branch")',
        '@click.option("--count", "-c", type=int)',
        '@click.option("--kind", type=click.Choice(["a"]))',
        '@click.option("--dry-run", is_flag=True)',
        'def log(branch, count, kind, dry_run):',
        '    os.system(f"git log {count} {kind} {dry_run}")',
        '    os.system(f"git log {branch}")  # BAD',
      ),
    },
  },
  {
    title: 'a decorator of the program gives a handler what its address does not name',
    files: {
      'app.py': lines(
        'from functools import wraps',
        'import os',
        'from flask import Flask, request',
        'app = Flask(__name__)',
        'def with_filter(fn):',
        '    @wraps(fn)',
        '    def inner(*args, **kwargs):',
        '        return fn({"name": request.args["n"], "size": int(request.args["s"])}, *args, **kwargs)',
        '    return inner',
        '@app.route("/")',
        '@with_filter',
        'def view(given):',
        '    os.system(f"x {given[\'size\']}")',
        '    os.system(f"x {given[\'name\']}")  # BAD',
        '    return {}',
      ),
    },
  },
  {
    title: 'what a file holds is not what its name says, and the last segment of a path has no folder',
    files: {
      'app.py': lines(
        'from pathlib import Path',
        'from flask import Flask, request',
        'app = Flask(__name__)',
        '@app.route("/")',
        'def view():',
        '    name = request.files["f"].filename',
        '    (Path("/srv/up") / Path(name).name).write_bytes(b"")',
        '    with open("/srv/up/" + name) as f:  # BAD',
        '        return f.read()',
      ),
    },
  },
];

describe('applications of several files', () => {
  let laboratory: Laboratory;
  before(async () => {
    laboratory = await openLaboratory();
  });
  after(() => laboratory[Symbol.dispose]());

  for (const { title, files } of APPLICATIONS)
    test(title, async () => {
      const { findings, gaps } = await laboratory.analyse(files);
      const reported = findings.flatMap(({ place, flow }) => {
        const { line } = createLineIndex(files[place.file] ?? '').position(place.span.start);
        return flow ? [`${place.file}:${line}`] : [];
      });
      const marked = Object.entries(files).flatMap(([path, text]) =>
        text.split('\n').flatMap((line, at) => (line.endsWith('BAD') ? [`${path}:${at + 1}`] : [])),
      );
      assert.deepEqual([...new Set(reported)].sort(), marked.sort());
      assert.deepEqual(gaps, []);
    });
});
