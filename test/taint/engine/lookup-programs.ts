import type { MarkedProgram } from '../marked-program.ts';

const program = (title: string, path: string, text: string): MarkedProgram => ({
  title,
  path,
  library: false,
  lines: text.trim().split('\n'),
});

/** What was found by a key is not the key; what is put together of it is. */
export const LOOKUP_PROGRAMS: readonly MarkedProgram[] = [
  program(
    'a record of SQLAlchemy, Django or a repository is not the key that found it',
    'app.py',
    `
from flask import Flask, request
from sqlalchemy import select, text
app = Flask(__name__)
@app.route('/')
def view():
    q = request.args['q']
    open(users.get_one(q).picture)  # // GOOD
    open(users.find_by_name(q).picture)  # // GOOD
    open(session.execute(select(User).filter_by(name=q)).scalars().one().picture)  # // GOOD
    open(User.query.filter(User.name == q).first().picture)  # // GOOD
    open(get_object_or_404(User, name=q).picture)  # // GOOD
    open(User.objects.select_related('team').get(name=q).picture)  # // GOOD
    open(names.get(q, q))  # // BAD
    session.execute(select(User).where(User.name == q))  # // GOOD
    session.execute(text("select * from users where name = '" + q + "'"))  # // BAD
    open(users.folder_of(q))  # // BAD
    open(users.path_by + q)  # // BAD
    row = db.execute("select path from files where id = ?", (q,)).fetchone()
    open(row[0])  # // GOOD`,
  ),
  program(
    'rows of database/sql and records of a store that takes a context are not their keys',
    'main.go',
    `
package main
import (
	"database/sql"
	"net/http"
	"os"
)
func handler(w http.ResponseWriter, r *http.Request, db *sql.DB, store Store) {
	q := r.FormValue("q")
	var path string
	db.QueryRowContext(r.Context(), "SELECT path FROM files WHERE id = ?", q).Scan(&path)
	os.Open(path) // GOOD
	file, _ := store.FindFile(r.Context(), q)
	os.Open(file.Path) // GOOD
	other, _ := store.GetByName(q)
	os.Open(other.Path) // GOOD
	db.Query("SELECT path FROM files WHERE id = " + q) // BAD
	os.Open(store.Clean(q)) // BAD
	made, _ := store.Make(r.Context(), q)
	os.Open(made.Path) // BAD
}`,
  ),
  program(
    'an entity of a repository in Java is not its key',
    'Shop.java',
    `
package com.acme.web;
import java.io.FileInputStream;
import javax.servlet.http.*;
class Shop extends HttpServlet {
  void handle(HttpServletRequest request, Users users) throws Exception {
    String q = request.getParameter("q");
    new FileInputStream(users.findByName(q).path()); // GOOD
    new FileInputStream(users.getById(q).path()); // GOOD
    new FileInputStream(users.pathFor(q)); // BAD
  }
}`,
  ),
  program(
    'rows of a builder of queries are not what narrows them',
    'app.ts',
    `
import express from 'express';
import { readFileSync } from 'node:fs';
const app = express();
app.get('/', async (req, res) => {
  const q = String(req.query.q);
  const rows = await db.select().from(files).where(eq(files.id, q)).limit(1);
  readFileSync(rows[0].path); // GOOD
  const part = db.$with('part').as(db.select().from(files).where(eq(files.id, q)));
  readFileSync((await db.with(part).select().from(part))[0].path); // GOOD
  readFileSync((await files.findByName(q)).path); // GOOD
  readFileSync(await files.pathOf(q)); // BAD
});`,
  ),
];

/** What a framework gives a handler that is no data of the visitor's, and what it makes of the data that is. */
export const INJECTION_PROGRAMS: readonly MarkedProgram[] = [
  program(
    'a dependency of FastAPI brings what its function takes from the request, and nothing else',
    'app.py',
    `
from typing import Annotated
from fastapi import Depends, FastAPI
from pydantic import UUID4, BaseModel
from sqlalchemy.orm import Session
app = FastAPI()
class Change(BaseModel):
    name: str
class Loose(BaseModel):
    filter: dict
def order_of(order: str = "name") -> str:
    return order.strip()
def open_session():
    yield make()
def fixed():
    return "name"
SessionDep = Annotated[Session, Depends(open_session)]
@app.get('/1')
def one(order: Annotated[str, Depends(order_of)], session: SessionDep):
    open(order)  # // BAD
    open(session.path)  # // GOOD
@app.get('/2')
def two(order: str = Depends(order_of), session: Session = Depends(open_session)):
    open(order)  # // BAD
    open(session.path)  # // GOOD
@app.get('/3')
def three(name: Annotated[str, Depends(fixed)], plain: Session, found: str):
    open(name)  # // GOOD
    open(plain.path)  # // GOOD
    open(found)  # // BAD
@app.get('/4')
def four(key: UUID4, text: str, change: Change, changes: list[Change], loose: Loose, any: dict):
    open(key)  # // GOOD
    things.delete_one(key)  # // GOOD
    things.delete_one(text)  # // GOOD
    things.delete_one(change)  # // GOOD
    things.delete_many(changes)  # // GOOD
    things.delete_one(loose)  # // BAD
    things.delete_one(any)  # // BAD
    open(change.name)  # // BAD`,
  ),
  program(
    'a parameter of Java is as harmless as its type and its constraint',
    'Shop.java',
    `
package com.acme.web;
import java.io.FileInputStream;
import javax.validation.constraints.Pattern;
import org.springframework.web.bind.annotation.*;
@RestController
class Shop {
  enum Order { NAME, DATE }
  enum Kind { LOUD { String go() { return ""; } }; abstract String go(); }
  @GetMapping("/c")
  String c(@RequestParam Kind kind) throws Exception {
    new FileInputStream("/srv/" + kind.name()); // GOOD
    return "";
  }
  @GetMapping("/a")
  String a(@RequestParam Order order, @RequestParam String name) throws Exception {
    new FileInputStream("/srv/" + order.name()); // GOOD
    new FileInputStream("/srv/" + name); // BAD
    return "";
  }
  @GetMapping("/b")
  String b(@PathVariable @Pattern(regexp = "[a-z]+") String name, @PathVariable @Pattern(regexp = "[a-z./]+") String other) throws Exception {
    new FileInputStream("/srv/" + name); // GOOD
    new FileInputStream("/srv/" + other); // BAD
    return "";
  }
}`,
  ),
  program(
    'the host of an address of Java is asked for among permitted ones',
    'Shop.java',
    `
package com.acme.web;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Set;
import javax.servlet.http.*;
class Shop extends HttpServlet {
  static final Set<String> HOSTS = Set.of("a.example.test");
  void handle(HttpServletRequest request) {
    URI uri = URI.create(request.getParameter("q"));
    if (HOSTS.contains(uri.getHost())) {
      HttpRequest.newBuilder(uri); // GOOD
    } else {
      HttpRequest.newBuilder(uri); // BAD
    }
  }
}`,
  ),
  program(
    'a tainted map that is spread into keywords taints them',
    'app.py',
    `
from django.contrib.auth.models import User
def view(request):
    User.objects.filter(**request.GET.dict())  # // BAD
    User.objects.filter(**{'name': request.GET['name']})  # // GOOD`,
  ),
  program(
    'a message of a gRPC service is data, what its other methods are given is not',
    'server.go',
    `
package main
import (
	"context"
	"os"
	"example.test/shop/pb"
)
type server struct {
	pb.UnimplementedShopServer
}
func (s *server) Read(ctx context.Context, req *pb.ReadRequest) (*pb.Reply, error) {
	os.Open(req.GetName()) // BAD
	return nil, nil
}
func (s *server) open(ctx context.Context, file *pb.File) error {
	os.Open(file.Name) // GOOD
	return nil
}`,
  ),
];

/** A loader of Remix or React Router: its own host is no choice of the visitor's, a header of his own says little. */
export const LOADER_PROGRAM: MarkedProgram = program(
  'a loader of a route',
  'app/routes/a.tsx',
  `
import { redirect, type LoaderFunctionArgs } from '@remix-run/node';
import { readFileSync } from 'fs';
import { execSync } from 'child_process';
function domain(request: Request) {
  return 'https://' + (request.headers.get('X-Forwarded-Host') ?? request.headers.get('host'));
}
export async function loader({ request, params }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  execSync(url.searchParams.get('q')); // BAD
  readFileSync('./x/' + params.id); // BAD
  const form = await request.formData();
  execSync(form.get('x')); // BAD
  const { path } = await request.json();
  readFileSync(path); // BAD
  execSync(request.headers.get('x-a')); // BAD
  return redirect(domain(request) + '/verify'); // WEAK
}
export async function action({ request }: Route.ActionArgs) {
  const form = await request.formData();
  return redirect(form.get('to')); // BAD
}`,
);
