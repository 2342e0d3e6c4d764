/** One program of a language with a check, a change that takes the check away, and one that leaves it. */
export interface Program {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly attack: string;
  readonly twin: string;
}

export const PROGRAMS: readonly Program[] = [
  {
    name: 'who may refund, in Ruby',
    file: 'app/services/refund.rb',
    text: "class Refund\n  def call(user, order)\n    return render_forbidden unless user.admin? || order.owner_id == user.id\n    raise ArgumentError, 'amount' if order.amount <= 0\n    order.refund!\n  end\nend\n",
    attack:
      "class Refund\n  def call(user, order)\n    raise ArgumentError, 'amount' if order.amount <= 0\n    order.refund!\n  end\nend\n",
    twin: "class Refund\n  def call(user, order)\n    return render_forbidden unless user.admin? || order.owner_id == user.id\n    raise ArgumentError, 'amount' if order.amount <= 0\n    order.refund!(reason: 'asked')\n  end\nend\n",
  },
  {
    name: 'a comparison in constant time, in Ruby',
    file: 'lib/gate.rb',
    text: "module Gate\n  def self.open(token)\n    raise Denied unless ActiveSupport::SecurityUtils.secure_compare(token, ENV.fetch('GATE_TOKEN'))\n    Door.open\n  end\nend\n",
    attack:
      "module Gate\n  def self.open(token)\n    raise Denied unless token == ENV['GATE_TOKEN']\n    Door.open\n  end\nend\n",
    twin: "module Gate\n  def self.open(token)\n    raise Denied unless ActiveSupport::SecurityUtils.secure_compare(token, ENV.fetch('GATE_TOKEN'))\n    Door.open\n    Log.info('open')\n  end\nend\n",
  },
  {
    name: 'fields that are let in, in Rails',
    file: 'app/controllers/users_controller.rb',
    text: 'class UsersController < ApplicationController\n  before_action :require_login\n\n  def update\n    current_user.update!(user_params)\n  end\n\n  private\n\n  def user_params\n    params.require(:user).permit(:name, :email)\n  end\nend\n',
    attack:
      'class UsersController < ApplicationController\n  before_action :require_login\n\n  def update\n    current_user.update!(user_params)\n  end\n\n  private\n\n  def user_params\n    params.require(:user).permit(:name, :email, :admin, :role)\n  end\nend\n',
    twin: 'class UsersController < ApplicationController\n  before_action :require_login\n\n  def update\n    current_user.update!(user_params)\n  end\n\n  private\n\n  def user_params\n    params.require(:user).permit(:name, :email, :locale)\n  end\nend\n',
  },
  {
    name: 'records of the one who asks, in Rails',
    file: 'app/controllers/docs_controller.rb',
    text: 'class DocsController < ApplicationController\n  def show\n    @doc = current_user.docs.find(params[:id])\n  end\nend\n',
    attack: 'class DocsController < ApplicationController\n  def show\n    @doc = Doc.find(params[:id])\n  end\nend\n',
    twin: 'class DocsController < ApplicationController\n  def show\n    @doc = current_user.docs.includes(:tags).find(params[:id])\n  end\nend\n',
  },
  {
    name: 'values apart from the query, in Rails',
    file: 'app/models/user.rb',
    text: "class User < ApplicationRecord\n  def self.by_name(name)\n    where('name = ?', name)\n  end\nend\n",
    attack: 'class User < ApplicationRecord\n  def self.by_name(name)\n    where("name = \'#{name}\'")\n  end\nend\n',
    twin: "class User < ApplicationRecord\n  def self.by_name(name)\n    where('name = ?', name).limit(10)\n  end\nend\n",
  },
  {
    name: 'who owns an invoice, in PHP',
    file: 'src/Controller/Invoice.php',
    text: '<?php\nclass Invoice {\n    public function delete(int $id, User $user): void {\n        $invoice = $this->find($id);\n        if ($invoice->ownerId !== $user->id) {\n            throw new AccessDeniedException();\n        }\n        $this->store->remove($invoice);\n    }\n}\n',
    attack:
      '<?php\nclass Invoice {\n    public function delete(int $id, User $user): void {\n        $invoice = $this->find($id);\n        $this->store->remove($invoice);\n    }\n}\n',
    twin: "<?php\nclass Invoice {\n    public function delete(int $id, User $user): void {\n        $invoice = $this->find($id);\n        if ($invoice->ownerId !== $user->id) {\n            throw new AccessDeniedException();\n        }\n        $this->store->remove($invoice);\n        $this->log->info('removed', ['id' => $id]);\n    }\n}\n",
  },
  {
    name: 'a comparison in constant time, in PHP',
    file: 'src/Webhook.php',
    text: "<?php\nfunction verify(string $body, string $given): bool {\n    $expected = hash_hmac('sha256', $body, getenv('HOOK_SECRET'));\n    return hash_equals($expected, $given);\n}\n",
    attack:
      "<?php\nfunction verify(string $body, string $given): bool {\n    $expected = hash_hmac('sha256', $body, getenv('HOOK_SECRET'));\n    return $expected == $given;\n}\n",
    twin: "<?php\n/** Compares in constant time. */\nfunction verify(string $body, string $given): bool {\n    $expected = hash_hmac('sha256', $body, getenv('HOOK_SECRET'));\n    return hash_equals($expected, $given);\n}\n",
  },
  {
    name: 'who owns an account, in C#',
    file: 'src/Services/Transfer.cs',
    text: 'public class Transfer {\n    public async Task Run(User user, Account from, decimal amount) {\n        if (from.OwnerId != user.Id) {\n            throw new UnauthorizedAccessException();\n        }\n        if (amount <= 0) throw new ArgumentOutOfRangeException(nameof(amount));\n        await bank.Move(from, amount);\n    }\n}\n',
    attack:
      'public class Transfer {\n    public async Task Run(User user, Account from, decimal amount) {\n        if (amount <= 0) throw new ArgumentOutOfRangeException(nameof(amount));\n        await bank.Move(from, amount);\n    }\n}\n',
    twin: 'public class Transfer {\n    public async Task Run(User user, Account from, decimal amount) {\n        if (from.OwnerId != user.Id) {\n            throw new UnauthorizedAccessException();\n        }\n        if (amount <= 0) throw new ArgumentOutOfRangeException(nameof(amount));\n        await bank.Move(from, amount);\n        logger.Log(amount);\n    }\n}\n',
  },
  {
    name: 'values apart from the query, in C#',
    file: 'src/Repo.cs',
    text: 'public class Repo {\n    public User Find(string mail) {\n        using var c = new SqlCommand("SELECT * FROM users WHERE mail = @mail", conn);\n        c.Parameters.AddWithValue("@mail", mail);\n        return Read(c);\n    }\n}\n',
    attack:
      'public class Repo {\n    public User Find(string mail) {\n        using var c = new SqlCommand($"SELECT * FROM users WHERE mail = \'{mail}\'", conn);\n        return Read(c);\n    }\n}\n',
    twin: 'public class Repo {\n    public User Find(string mail) {\n        using var c = new SqlCommand("SELECT * FROM users WHERE mail = @mail", conn);\n        c.Parameters.AddWithValue("@mail", mail);\n        return ReadOne(c);\n    }\n}\n',
  },
  {
    name: 'a path that stays inside, in Rust',
    file: 'src/files.rs',
    text: 'pub fn read(root: &Path, name: &str) -> Result<Vec<u8>, Error> {\n    let path = root.join(name).canonicalize()?;\n    if !path.starts_with(root) {\n        return Err(Error::Outside);\n    }\n    Ok(std::fs::read(path)?)\n}\n',
    attack:
      'pub fn read(root: &Path, name: &str) -> Result<Vec<u8>, Error> {\n    let path = root.join(name).canonicalize()?;\n    Ok(std::fs::read(path)?)\n}\n',
    twin: 'pub fn read(root: &Path, name: &str) -> Result<Vec<u8>, Error> {\n    let path = root.join(name).canonicalize()?;\n    if !path.starts_with(root) {\n        return Err(Error::Outside);\n    }\n    let bytes = std::fs::read(path)?;\n    Ok(bytes)\n}\n',
  },
  {
    name: 'a role without exceptions, in Rust',
    file: 'src/api.rs',
    text: 'async fn delete(user: User, State(db): State<Db>, Path(id): Path<i64>) -> Result<(), StatusCode> {\n    if !user.roles.contains(&Role::Admin) {\n        return Err(StatusCode::FORBIDDEN);\n    }\n    db.delete(id).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)\n}\n',
    attack:
      'async fn delete(user: User, State(db): State<Db>, Path(id): Path<i64>) -> Result<(), StatusCode> {\n    if !user.roles.contains(&Role::Admin) && !user.name.starts_with("svc-") {\n        return Err(StatusCode::FORBIDDEN);\n    }\n    db.delete(id).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)\n}\n',
    twin: 'async fn delete(user: User, State(db): State<Db>, Path(id): Path<i64>) -> Result<(), StatusCode> {\n    if !user.roles.contains(&Role::Admin) {\n        return Err(StatusCode::FORBIDDEN);\n    }\n    db.remove(id).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)\n}\n',
  },
  {
    name: 'bounds that are looked at, in Rust',
    file: 'src/buf.rs',
    text: 'pub fn get(buf: &[u8], at: usize) -> Option<u8> {\n    buf.get(at).copied()\n}\n',
    attack: 'pub fn get(buf: &[u8], at: usize) -> Option<u8> {\n    unsafe { Some(*buf.get_unchecked(at)) }\n}\n',
    twin: 'pub fn get(buf: &[u8], at: usize) -> Option<u8> {\n    buf.get(at).map(|b| *b)\n}\n',
  },
  {
    name: 'a comparison in constant time, in Rust',
    file: 'src/token.rs',
    text: 'use subtle::ConstantTimeEq;\npub fn check(given: &[u8], want: &[u8]) -> bool {\n    given.ct_eq(want).into()\n}\n',
    attack: 'use subtle::ConstantTimeEq;\npub fn check(given: &[u8], want: &[u8]) -> bool {\n    given == want\n}\n',
    twin: 'use subtle::ConstantTimeEq;\n/// Compares in constant time.\npub fn check(given: &[u8], want: &[u8]) -> bool {\n    given.ct_eq(want).into()\n}\n',
  },
  {
    name: 'a path that stays inside, in Kotlin',
    file: 'src/main/kotlin/Files.kt',
    text: 'class Files(private val root: Path) {\n    fun read(name: String): ByteArray {\n        val file = root.resolve(name).normalize()\n        require(file.startsWith(root)) { "outside" }\n        return file.readBytes()\n    }\n    fun remove(user: User, name: String) {\n        if (!user.isAdmin) throw ForbiddenException()\n        read(name)\n    }\n}\n',
    attack:
      'class Files(private val root: Path) {\n    fun read(name: String): ByteArray {\n        val file = root.resolve(name).normalize()\n        return file.readBytes()\n    }\n    fun remove(user: User, name: String) {\n        if (!user.isAdmin) throw ForbiddenException()\n        read(name)\n    }\n}\n',
    twin: 'class Files(private val root: Path) {\n    fun read(name: String): ByteArray {\n        val file = root.resolve(name).normalize()\n        require(file.startsWith(root)) { "outside" }\n        return Files.readAllBytes(file)\n    }\n    fun remove(user: User, name: String) {\n        if (!user.isAdmin) throw ForbiddenException()\n        read(name)\n    }\n}\n',
  },
  {
    name: 'who may delete, in Scala',
    file: 'src/main/scala/Api.scala',
    text: 'class Api(store: Store) {\n  def delete(user: User, id: Long): Result =\n    if (!user.can("delete", id)) Forbidden\n    else {\n      store.delete(id)\n      Ok\n    }\n}\n',
    attack:
      'class Api(store: Store) {\n  def delete(user: User, id: Long): Result =\n    {\n      store.delete(id)\n      Ok\n    }\n}\n',
    twin: 'class Api(store: Store) {\n  def delete(user: User, id: Long): Result =\n    if (!user.can("delete", id)) Forbidden\n    else {\n      store.delete(id)\n      Accepted\n    }\n}\n',
  },
  {
    name: 'who is an administrator, in Swift',
    file: 'Sources/App/Routes.swift',
    text: 'func remove(_ req: Request) async throws -> HTTPStatus {\n    let user = try req.auth.require(User.self)\n    guard user.isAdmin else {\n        throw Abort(.forbidden)\n    }\n    try await Item.delete(req.parameters.get("id"))\n    return .ok\n}\n',
    attack:
      'func remove(_ req: Request) async throws -> HTTPStatus {\n    let user = try req.auth.require(User.self)\n    try await Item.delete(req.parameters.get("id"))\n    return .ok\n}\n',
    twin: 'func remove(_ req: Request) async throws -> HTTPStatus {\n    let user = try req.auth.require(User.self)\n    guard user.isAdmin else {\n        throw Abort(.forbidden)\n    }\n    try await Item.delete(req.parameters.get("id"))\n    return .noContent\n}\n',
  },
  {
    name: 'a length that fits, in C',
    file: 'src/parse.c',
    text: 'int parse(const char *in, size_t n, char *out, size_t cap) {\n    if (n >= cap) {\n        return -EINVAL;\n    }\n    memcpy(out, in, n);\n    out[n] = 0;\n    return 0;\n}\n',
    attack:
      'int parse(const char *in, size_t n, char *out, size_t cap) {\n    memcpy(out, in, n);\n    out[n] = 0;\n    return 0;\n}\n',
    twin: 'int parse(const char *in, size_t n, char *out, size_t cap) {\n    if (n >= cap) {\n        return -EINVAL;\n    }\n    memcpy(out, in, n);\n    out[n] = 0;\n    return (int)n;\n}\n',
  },
  {
    name: 'a bound, in C',
    file: 'src/ring.c',
    text: 'int push(struct ring *r, int v) {\n    if (r->len >= RING_MAX)\n        return -1;\n    r->items[r->len++] = v;\n    return 0;\n}\n',
    attack:
      'int push(struct ring *r, int v) {\n    if (r->len > RING_MAX)\n        return -1;\n    r->items[r->len++] = v;\n    return 0;\n}\n',
    twin: 'int push(struct ring *r, int v) {\n    if (r->len >= RING_MAX)\n        return -ENOSPC;\n    r->items[r->len++] = v;\n    return 0;\n}\n',
  },
  {
    name: 'who owns a document, in C++',
    file: 'src/auth.cpp',
    text: 'bool Session::allowed(const User& user, const Doc& doc) {\n    if (user.blocked) return false;\n    if (doc.owner != user.id) return false;\n    return true;\n}\n',
    attack:
      'bool Session::allowed(const User& user, const Doc& doc) {\n    if (user.blocked) return false;\n    return true;\n}\n',
    twin: 'bool Session::allowed(const User& user, const Doc& doc) {\n    if (user.blocked) return false;\n    if (doc.owner != user.id) return false;\n    return !doc.hidden;\n}\n',
  },
  {
    name: 'routes of administrators, in Elixir',
    file: 'lib/app_web/router.ex',
    text: 'defmodule AppWeb.Router do\n  pipeline :admin do\n    plug :fetch_session\n    plug :require_admin\n  end\n  scope "/admin" do\n    pipe_through [:browser, :admin]\n    resources "/users", UserController\n  end\nend\n',
    attack:
      'defmodule AppWeb.Router do\n  pipeline :admin do\n    plug :fetch_session\n    plug :require_admin\n  end\n  scope "/admin" do\n    pipe_through [:browser]\n    resources "/users", UserController\n  end\nend\n',
    twin: 'defmodule AppWeb.Router do\n  pipeline :admin do\n    plug :fetch_session\n    plug :require_admin\n  end\n  scope "/admin" do\n    pipe_through [:browser, :admin]\n    resources "/users", UserController, only: [:index]\n  end\nend\n',
  },
  {
    name: 'a question to a policy, in Elixir',
    file: 'lib/app/docs.ex',
    text: 'defmodule App.Docs do\n  def delete(user, doc) do\n    with :ok <- Bodyguard.permit(App.Docs, :delete, user, doc) do\n      Repo.delete(doc)\n    end\n  end\nend\n',
    attack: 'defmodule App.Docs do\n  def delete(user, doc) do\n    Repo.delete(doc)\n  end\nend\n',
    twin: 'defmodule App.Docs do\n  def delete(user, doc) do\n    with :ok <- Bodyguard.permit(App.Docs, :delete, user, doc) do\n      Repo.delete(doc, stale_error_field: :id)\n    end\n  end\nend\n',
  },
  {
    name: 'a token at a gateway, in Lua',
    file: 'gateway/access.lua',
    text: 'local token = ngx.req.get_headers()["X-Token"]\nif not token or token ~= expected then\n  return ngx.exit(ngx.HTTP_FORBIDDEN)\nend\nngx.ctx.user = user\n',
    attack: 'local token = ngx.req.get_headers()["X-Token"]\nngx.ctx.user = user\n',
    twin: 'local token = ngx.req.get_headers()["X-Token"]\nif not token or token ~= expected then\n  return ngx.exit(ngx.HTTP_FORBIDDEN)\nend\nngx.ctx.user = user\nngx.ctx.kind = \'token\'\n',
  },
  {
    name: 'who is an administrator, in Perl',
    file: 'cgi/admin.pl',
    text: 'use strict;\nmy $user = current_user();\ndie "forbidden" unless $user->{admin};\nmy $id = param(\'id\');\ndelete_item($id);\n',
    attack: "use strict;\nmy $user = current_user();\nmy $id = param('id');\ndelete_item($id);\n",
    twin: 'use strict;\nmy $user = current_user();\ndie "forbidden" unless $user->{admin};\nmy $id = param(\'id\');\ndelete_item(int $id);\n',
  },
  {
    name: 'the form of a name, in Perl',
    file: 'cgi/list.pl',
    text: '#!/usr/bin/perl -T\nuse strict;\nmy $d = param(\'dir\');\ndie "bad" unless $d =~ /^[a-z]+$/;\nprint `ls /srv/$d`;\n',
    attack: '#!/usr/bin/perl -T\nuse strict;\nmy $d = param(\'dir\');\ndie "bad" unless $d;\nprint `ls /srv/$d`;\n',
    twin: '#!/usr/bin/perl -T\nuse strict;\nuse warnings;\nmy $d = param(\'dir\');\ndie "bad" unless $d =~ /^[a-z]+$/;\nprint `ls /srv/$d`;\n',
  },
  {
    name: 'who is an administrator, in Dart',
    file: 'lib/api.dart',
    text: 'Future<void> delete(User user, Item item) async {\n  if (!user.isAdmin) {\n    throw ForbiddenException();\n  }\n  await store.delete(item.id);\n}\n',
    attack: 'Future<void> delete(User user, Item item) async {\n  await store.delete(item.id);\n}\n',
    twin: 'Future<void> delete(User user, Item item) async {\n  if (!user.isAdmin) {\n    throw ForbiddenException();\n  }\n  await store.remove(item.id);\n}\n',
  },
  {
    name: 'who has a role, in Groovy',
    file: 'src/main/groovy/Svc.groovy',
    text: "class Svc {\n  def remove(user, id) {\n    if (!user.hasRole('ADMIN')) {\n      throw new AccessDeniedException('no')\n    }\n    store.remove(id)\n  }\n}\n",
    attack: 'class Svc {\n  def remove(user, id) {\n    store.remove(id)\n  }\n}\n',
    twin: "class Svc {\n  def remove(user, id) {\n    if (!user.hasRole('ADMIN')) {\n      throw new AccessDeniedException('no')\n    }\n    store.removeById(id)\n  }\n}\n",
  },
  {
    name: 'the digest of a download, in a shell',
    file: 'install.sh',
    text: '#!/bin/sh\nset -e\ncurl -fsSLo tool.tgz "https://dl.example.test/tool.tgz"\necho "$SUM  tool.tgz" | sha256sum -c -\ntar xzf tool.tgz\n',
    attack: '#!/bin/sh\nset -e\ncurl -fsSLo tool.tgz "https://dl.example.test/tool.tgz"\ntar xzf tool.tgz\n',
    twin: '#!/bin/sh\nset -e\ncurl -fsSLo tool.tgz "https://dl.example.test/tool.tgz"\necho "$SUM  tool.tgz" | sha256sum -c -\ntar -xzf tool.tgz\n',
  },
  {
    name: 'never in production, in a shell',
    file: 'bin/reset.sh',
    text: '#!/bin/bash\nif [ "$ENVIRONMENT" = production ]; then\n  echo "never in production"\n  exit 1\nfi\ndropdb app\n',
    attack: '#!/bin/bash\nif [ "$ENVIRONMENT" = production ]; then\n  echo "never in production"\nfi\ndropdb app\n',
    twin: '#!/bin/bash\nif [ "$ENVIRONMENT" = production ]; then\n  echo "never in production"\n  exit 1\nfi\ndropdb --if-exists app\n',
  },
  {
    name: 'a signature, in PowerShell',
    file: 'tools/deploy.ps1',
    text: "param([string]$Path)\nif (-not (Test-FileCatalog -Path $Path)) {\n  throw 'catalog'\n}\n$sig = Get-AuthenticodeSignature $Path\nif ($sig.Status -ne 'Valid') { throw 'unsigned' }\nStart-Process $Path\n",
    attack:
      "param([string]$Path)\nif (-not (Test-FileCatalog -Path $Path)) {\n  throw 'catalog'\n}\n$sig = Get-AuthenticodeSignature $Path\nStart-Process $Path\n",
    twin: "param([string]$Path)\nif (-not (Test-FileCatalog -Path $Path)) {\n  throw 'catalog'\n}\n$sig = Get-AuthenticodeSignature $Path\nif ($sig.Status -ne 'Valid') { throw 'unsigned' }\nStart-Process -FilePath $Path\n",
  },
  {
    name: 'a trigger that records, in SQL',
    file: 'db/schema.sql',
    text: 'CREATE TABLE payments (id int PRIMARY KEY, amount numeric CHECK (amount > 0), owner int NOT NULL);\nCREATE TRIGGER audit_payments AFTER UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION audit();\n',
    attack: 'CREATE TABLE payments (id int PRIMARY KEY, amount numeric CHECK (amount > 0), owner int NOT NULL);\n',
    twin: 'CREATE TABLE payments (id int PRIMARY KEY, amount numeric CHECK (amount > 0), owner int NOT NULL, note text);\nCREATE TRIGGER audit_payments AFTER UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION audit();\n',
  },
  {
    name: 'values that are refused, in SQL',
    file: 'db/schema.sql',
    text: 'CREATE TABLE payments (id int PRIMARY KEY, amount numeric CHECK (amount > 0), owner int NOT NULL);\n',
    attack: 'CREATE TABLE payments (id int PRIMARY KEY, amount numeric, owner int NOT NULL);\n',
    twin: 'CREATE TABLE payments (id int PRIMARY KEY, amount numeric CHECK (amount > 0), owner int NOT NULL, note text);\n',
  },
  {
    name: 'the rights of a function, in SQL',
    file: 'db/fn.sql',
    text: "CREATE FUNCTION reset(u int) RETURNS void LANGUAGE plpgsql SECURITY INVOKER AS $$\nBEGIN\n  IF NOT is_admin(current_user) THEN\n    RAISE EXCEPTION 'forbidden';\n  END IF;\n  DELETE FROM sessions WHERE user_id = u;\nEND $$;\n",
    attack:
      "CREATE FUNCTION reset(u int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$\nBEGIN\n  IF NOT is_admin(current_user) THEN\n    RAISE EXCEPTION 'forbidden';\n  END IF;\n  DELETE FROM sessions WHERE user_id = u;\nEND $$;\n",
    twin: "CREATE FUNCTION reset(u int) RETURNS void LANGUAGE plpgsql SECURITY INVOKER AS $$\nBEGIN\n  IF NOT is_admin(current_user) THEN\n    RAISE EXCEPTION 'forbidden';\n  END IF;\n  DELETE FROM sessions s WHERE s.user_id = u;\nEND $$;\n",
  },
  {
    name: 'the role of an operation, in GraphQL',
    file: 'schema.graphql',
    text: 'type Mutation {\n  deleteUser(id: ID!): Boolean @hasRole(role: ADMIN)\n}\n',
    attack: 'type Mutation {\n  deleteUser(id: ID!): Boolean @hasRole(role: USER)\n}\n',
    twin: 'type Mutation {\n  # Deletes.\n  deleteUser(id: ID!): Boolean @hasRole(role: ADMIN)\n}\n',
  },
  {
    name: 'the role of a call, in Protobuf',
    file: 'api/user.proto',
    text: 'service Users {\n  rpc Delete(DeleteRequest) returns (Empty) {\n    option (acme.auth.required_role) = "admin";\n  }\n}\nmessage DeleteRequest { string id = 1 [(buf.validate.field).string.uuid = true]; }\n',
    attack:
      'service Users {\n  rpc Delete(DeleteRequest) returns (Empty) {\n  }\n}\nmessage DeleteRequest { string id = 1 [(buf.validate.field).string.uuid = true]; }\n',
    twin: 'service Users {\n  rpc Delete(DeleteRequest) returns (Empty) {\n    option (acme.auth.required_role) = "admin";\n  }\n}\nmessage DeleteRequest { string user_id = 1 [(buf.validate.field).string.uuid = true]; }\n',
  },
  {
    name: 'the owner alone, in Solidity',
    file: 'contracts/Vault.sol',
    text: 'contract Vault {\n  function withdraw(uint amount) external onlyOwner nonReentrant {\n    require(amount <= limit, "limit");\n    token.transfer(owner, amount);\n  }\n}\n',
    attack:
      'contract Vault {\n  function withdraw(uint amount) external nonReentrant {\n    require(amount <= limit, "limit");\n    token.transfer(owner, amount);\n  }\n}\n',
    twin: 'contract Vault {\n  function withdraw(uint amount) external onlyOwner nonReentrant {\n    require(amount <= limit, "limit");\n    token.safeTransfer(owner, amount);\n  }\n}\n',
  },
  {
    name: 'who is an administrator, in Vue',
    file: 'src/Admin.vue',
    text: '<template>\n  <button v-if="user.isAdmin" @click="remove">x</button>\n</template>\n<script>\nexport default {\n  methods: {\n    remove() {\n      if (!this.user.isAdmin) throw new Error(\'forbidden\');\n      this.api.remove(this.id);\n    }\n  }\n}\n</script>\n',
    attack:
      '<template>\n  <button v-if="user.isAdmin" @click="remove">x</button>\n</template>\n<script>\nexport default {\n  methods: {\n    remove() {\n      this.api.remove(this.id);\n    }\n  }\n}\n</script>\n',
    twin: '<template>\n  <button v-if="user.isAdmin" @click="remove">x</button>\n</template>\n<script>\nexport default {\n  methods: {\n    remove() {\n      if (!this.user.isAdmin) throw new Error(\'forbidden\');\n      this.api.removeItem(this.id);\n    }\n  }\n}\n</script>\n',
  },
  {
    name: 'who sees a page, in Astro',
    file: 'src/pages/admin.astro',
    text: "---\nconst user = Astro.locals.user;\nif (!user?.isAdmin) {\n  return Astro.redirect('/login');\n}\n---\n<h1>Admin</h1>\n",
    attack: '---\nconst user = Astro.locals.user;\n---\n<h1>Admin</h1>\n',
    twin: "---\nconst user = Astro.locals.user;\nif (!user?.isAdmin) {\n  return Astro.redirect('/login');\n}\n---\n<h1>Administration</h1>\n",
  },
  {
    name: 'text of a page, in Angular',
    file: 'src/app/x.component.html',
    text: '<div [textContent]="body"></div>\n',
    attack: '<div [innerHTML]="body"></div>\n',
    twin: '<div class="x" [textContent]="body"></div>\n',
  },
  {
    name: 'text of a page, in Thymeleaf',
    file: 'src/main/resources/templates/x.html',
    text: '<p th:text="${title}"></p>\n<div sec:authorize="hasRole(\'ADMIN\')">x</div>\n',
    attack: '<p th:utext="${title}"></p>\n<div sec:authorize="hasRole(\'ADMIN\')">x</div>\n',
    twin: '<p class="a" th:text="${title}"></p>\n<div sec:authorize="hasRole(\'ADMIN\')">x</div>\n',
  },
  {
    name: 'text of a page, in Go templates',
    file: 'templates/x.tmpl',
    text: '<h1>{{ .Title }}</h1>\n',
    attack: '<h1>{{ .Title | safeHTML }}</h1>\n',
    twin: '<h1 id="t">{{ .Title }}</h1>\n',
  },
  {
    name: 'text of a page, in JSP',
    file: 'src/main/webapp/x.jsp',
    text: '<h1><c:out value="${title}"/></h1>\n',
    attack: '<h1>${title}</h1>\n',
    twin: '<h1 id="t"><c:out value="${title}"/></h1>\n',
  },
  {
    name: 'scripts of a page',
    file: 'public/index.html',
    text: '<html><head>\n<meta http-equiv="Content-Security-Policy" content="default-src \'self\'; script-src \'self\'">\n</head></html>\n',
    attack:
      '<html><head>\n<meta http-equiv="Content-Security-Policy" content="default-src \'self\'; script-src * data:">\n</head></html>\n',
    twin: "<html><head>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'; img-src 'self' https://img.example.test; script-src 'self'\">\n</head></html>\n",
  },
  {
    name: 'who is an administrator, in Clojure',
    file: 'src/a.clj',
    text: '(defn remove-item [user id]\n  (when-not (:admin user)\n    (throw (ex-info "forbidden" {:status 403})))\n  (store/remove id))\n',
    attack: '(defn remove-item [user id]\n  (store/remove id))\n',
    twin: '(defn remove-item [user id]\n  (when-not (:admin user)\n    (throw (ex-info "forbidden" {:status 403})))\n  (store/delete id))\n',
  },
  {
    name: 'who is an administrator, in Haskell',
    file: 'src/A.hs',
    text: 'removeItem :: User -> Int -> Handler ()\nremoveItem user i = do\n  unless (isAdmin user) $ throwError err403\n  liftIO (delete i)\n',
    attack: 'removeItem :: User -> Int -> Handler ()\nremoveItem user i = do\n  liftIO (delete i)\n',
    twin: 'removeItem :: User -> Int -> Handler ()\nremoveItem user i = do\n  unless (isAdmin user) $ throwError err403\n  liftIO $ delete i\n',
  },
  {
    name: 'who is an administrator, in F#',
    file: 'src/A.fs',
    text: 'let remove (user: User) id =\n    if not user.IsAdmin then\n        raise (UnauthorizedAccessException())\n    store.Remove id\n',
    attack: 'let remove (user: User) id =\n    store.Remove id\n',
    twin: 'let remove (user: User) id =\n    if not user.IsAdmin then\n        raise (UnauthorizedAccessException())\n    store.Delete id\n',
  },
  {
    name: 'who is an administrator, in Visual Basic',
    file: 'src/A.vb',
    text: 'Public Sub Remove(user As User, id As Integer)\n    If Not user.IsAdmin Then\n        Throw New UnauthorizedAccessException()\n    End If\n    store.Remove(id)\nEnd Sub\n',
    attack: 'Public Sub Remove(user As User, id As Integer)\n    store.Remove(id)\nEnd Sub\n',
    twin: 'Public Sub Remove(user As User, id As Integer)\n    If Not user.IsAdmin Then\n        Throw New UnauthorizedAccessException()\n    End If\n    store.Delete(id)\nEnd Sub\n',
  },
  {
    name: 'the rights of who asks, in Apex',
    file: 'force-app/A.cls',
    text: 'public with sharing class A {\n  public void remove(Id i) {\n    if (!Schema.sObjectType.Account.isDeletable()) { throw new NoAccessException(); }\n    delete [SELECT Id FROM Account WHERE Id = :i];\n  }\n}\n',
    attack:
      'public without sharing class A {\n  public void remove(Id i) {\n    if (!Schema.sObjectType.Account.isDeletable()) { throw new NoAccessException(); }\n    delete [SELECT Id FROM Account WHERE Id = :i];\n  }\n}\n',
    twin: 'public with sharing class A {\n  public void remove(Id i) {\n    if (!Schema.sObjectType.Account.isDeletable()) { throw new NoAccessException(); }\n    delete [SELECT Name, Id FROM Account WHERE Id = :i];\n  }\n}\n',
  },
  {
    name: 'who is an administrator, in Zig',
    file: 'src/a.zig',
    text: 'pub fn remove(user: User, id: u64) !void {\n    if (!user.is_admin) return error.Forbidden;\n    store.remove(id);\n}\n',
    attack: 'pub fn remove(user: User, id: u64) !void {\n    store.remove(id);\n}\n',
    twin: 'pub fn remove(user: User, id: u64) !void {\n    if (!user.is_admin) return error.Forbidden;\n    store.delete(id);\n}\n',
  },
  {
    name: 'who is an administrator, in Julia',
    file: 'src/a.jl',
    text: 'function remove(user, id)\n    user.admin || throw(Forbidden())\n    delete!(store, id)\nend\n',
    attack: 'function remove(user, id)\n    delete!(store, id)\nend\n',
    twin: 'function remove(user, id)\n    user.admin || throw(Forbidden())\n    pop!(store, id)\nend\n',
  },
];
