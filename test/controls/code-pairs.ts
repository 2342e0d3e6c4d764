import type { ChangePair } from './change-pair.ts';

/** Changes of code and of what a program serves. */
export const CODE_PAIRS: readonly ChangePair[] = [
  {
    attack: 'a check that was lost on the way to another file',
    twin: 'a function that stands in another file whole',
    control: 'guard-removed',
    before: {
      'bank/transfer.py':
        'from decimal import Decimal\n\nfrom .models import Account\n\n\nclass TransferError(Exception):\n    pass\n\n\ndef transfer(actor, source_id, target_id, amount):\n    """Moves money between two accounts."""\n    amount = Decimal(amount)\n    if amount <= 0:\n        raise TransferError("amount must be positive")\n    source = Account.get(source_id)\n    target = Account.get(target_id)\n    if source.owner_id != actor.id:\n        raise TransferError("not your account")\n    if source.balance < amount:\n        raise TransferError("insufficient funds")\n    source.balance -= amount\n    target.balance += amount\n    source.save()\n    target.save()\n    return source\n',
      'bank/__init__.py': '',
    },
    lost: {
      'bank/transfer.py': 'from .service import TransferError, transfer\n\n__all__ = ["TransferError", "transfer"]\n',
      'bank/service.py':
        'from decimal import Decimal\n\nfrom .models import Account\n\n\nclass TransferError(Exception):\n    pass\n\n\ndef transfer(actor, source_id, target_id, amount):\n    """Moves money between two accounts."""\n    amount = Decimal(amount)\n    if amount <= 0:\n        raise TransferError("amount must be positive")\n    source = Account.get(source_id)\n    target = Account.get(target_id)\n    if source.balance < amount:\n        raise TransferError("insufficient funds")\n    source.balance -= amount\n    target.balance += amount\n    source.save()\n    target.save()\n    return source\n',
    },
    kept: {
      'bank/transfer.py': 'from .service import TransferError, transfer\n\n__all__ = ["TransferError", "transfer"]\n',
      'bank/service.py':
        'from decimal import Decimal\n\nfrom .models import Account\n\n\nclass TransferError(Exception):\n    pass\n\n\ndef transfer(actor, source_id, target_id, amount):\n    """Moves money between two accounts."""\n    amount = Decimal(amount)\n    if amount <= 0:\n        raise TransferError("amount must be positive")\n    source = Account.get(source_id)\n    target = Account.get(target_id)\n    if source.owner_id != actor.id:\n        raise TransferError("not your account")\n    if source.balance < amount:\n        raise TransferError("insufficient funds")\n    source.balance -= amount\n    target.balance += amount\n    source.save()\n    target.save()\n    return source\n',
    },
  },
  {
    attack: 'a check that was lost in a file under another name',
    twin: 'a file under another name',
    control: 'guard-removed',
    before: {
      'internal/api/project.go':
        'package api\n\nimport (\n\t"encoding/json"\n\t"net/http"\n)\n\ntype Handler struct {\n\tStore Store\n\tAuth  Authorizer\n}\n\nfunc (h *Handler) DeleteProject(w http.ResponseWriter, r *http.Request) {\n\tuser := UserFrom(r.Context())\n\tid := r.PathValue("id")\n\tproject, err := h.Store.Project(r.Context(), id)\n\tif err != nil {\n\t\thttp.Error(w, "not found", http.StatusNotFound)\n\t\treturn\n\t}\n\tif !h.Auth.Can(user, "project:delete", project) {\n\t\thttp.Error(w, "forbidden", http.StatusForbidden)\n\t\treturn\n\t}\n\tif err := h.Store.Delete(r.Context(), id); err != nil {\n\t\thttp.Error(w, "failed", http.StatusInternalServerError)\n\t\treturn\n\t}\n\tjson.NewEncoder(w).Encode(map[string]string{"status": "deleted"})\n}\n',
      'go.mod': 'module acme/app\n',
    },
    lost: {
      'internal/api/project.go': undefined,
      'internal/api/project_handler.go':
        'package api\n\nimport (\n\t"encoding/json"\n\t"net/http"\n)\n\ntype Handler struct {\n\tStore Store\n\tAuth  Authorizer\n}\n\nfunc (h *Handler) DeleteProject(w http.ResponseWriter, r *http.Request) {\n\tuser := UserFrom(r.Context())\n\tid := r.PathValue("id")\n\tproject, err := h.Store.Project(r.Context(), id)\n\tif err != nil {\n\t\thttp.Error(w, "not found", http.StatusNotFound)\n\t\treturn\n\t}\n\t_ = user\n\tif err := h.Store.Delete(r.Context(), id); err != nil {\n\t\thttp.Error(w, "failed", http.StatusInternalServerError)\n\t\treturn\n\t}\n\tjson.NewEncoder(w).Encode(map[string]string{"status": "deleted"})\n}\n',
    },
    kept: {
      'internal/api/project.go': undefined,
      'internal/api/project_handler.go':
        'package api\n\nimport (\n\t"encoding/json"\n\t"net/http"\n)\n\ntype Handler struct {\n\tStore Store\n\tAuth  Authorizer\n}\n\nfunc (h *Handler) DeleteProject(w http.ResponseWriter, r *http.Request) {\n\tuser := UserFrom(r.Context())\n\tid := r.PathValue("id")\n\tproject, err := h.Store.Project(r.Context(), id)\n\tif err != nil {\n\t\thttp.Error(w, "not found", http.StatusNotFound)\n\t\treturn\n\t}\n\tif !h.Auth.Can(user, "project:delete", project) {\n\t\thttp.Error(w, "forbidden", http.StatusForbidden)\n\t\treturn\n\t}\n\tif err := h.Store.Delete(r.Context(), id); err != nil {\n\t\thttp.Error(w, "failed", http.StatusInternalServerError)\n\t\treturn\n\t}\n\tjson.NewEncoder(w).Encode(map[string]string{"status": "deleted"})\n}\n',
    },
  },
  {
    attack: 'a demand that went from a method to the one behind it',
    twin: 'a private method behind one that demands',
    control: 'decorator-removed',
    before: {
      'src/main/java/com/acme/A.java':
        'package com.acme;\n\npublic class A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    public void purge(String id) {\n        repo.delete(id);\n    }\n}\n',
    },
    lost: {
      'src/main/java/com/acme/A.java':
        'package com.acme;\n\npublic class A {\n    public void purge(String id) {\n        doPurge(id);\n    }\n\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    private void doPurge(String id) {\n        repo.delete(id);\n    }\n}\n',
    },
    kept: {
      'src/main/java/com/acme/A.java':
        'package com.acme;\n\npublic class A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    public void purge(String id) {\n        doPurge(id);\n    }\n\n    private void doPurge(String id) {\n        repo.delete(id);\n    }\n}\n',
    },
  },
  {
    attack: 'a secret that everybody knows where none is given',
    twin: 'another port',
    control: 'safeguard-lost',
    before: {
      'src/config.ts':
        "export const config = {\n  jwtSecret: required('JWT_SECRET'),\n  port: Number(process.env.PORT ?? 3000),\n};\n",
    },
    lost: {
      'src/config.ts':
        "export const config = {\n  jwtSecret: process.env.JWT_SECRET ?? 'changeme',\n  port: Number(process.env.PORT ?? 3000),\n};\n",
    },
    kept: {
      'src/config.ts':
        "export const config = {\n  jwtSecret: required('JWT_SECRET'),\n  port: Number(process.env.PORT ?? 8080),\n  logLevel: process.env.LOG_LEVEL ?? 'info',\n};\n",
    },
  },
  {
    attack: 'a pattern that is tied to any line',
    twin: 'a remark at a pattern',
    control: 'pattern-anchor-removed',
    before: {
      'app/validate.py':
        'import re\n\nSLUG = re.compile(r"\\A[a-z0-9-]{1,40}\\Z")\n\n\ndef check(slug):\n    if not SLUG.match(slug):\n        raise ValueError("bad slug")\n    return slug\n',
    },
    lost: {
      'app/validate.py':
        'import re\n\nSLUG = re.compile(r"^[a-z0-9-]{1,40}$", re.MULTILINE)\n\n\ndef check(slug):\n    if not SLUG.match(slug):\n        raise ValueError("bad slug")\n    return slug\n',
    },
    kept: {
      'app/validate.py':
        'import re\n\n#: lower case, digits, hyphens\nSLUG = re.compile(r"\\A[a-z0-9-]{1,40}\\Z")\n\n\ndef check(slug):\n    if SLUG.match(slug) is None:\n        raise ValueError("bad slug")\n    return slug\n',
    },
  },
  {
    attack: 'an operation without its directive',
    twin: 'a further operation with one',
    control: 'safeguard-lost',
    before: {
      'schema/order.graphql':
        'type Mutation {\n  deleteOrder(id: ID!): Boolean @auth(requires: ADMIN)\n  createOrder(input: OrderInput!): Order @auth(requires: USER)\n}\n',
    },
    lost: {
      'schema/order.graphql':
        'type Mutation {\n  deleteOrder(id: ID!): Boolean\n  createOrder(input: OrderInput!): Order @auth(requires: USER)\n}\n',
    },
    kept: {
      'schema/order.graphql':
        'type Mutation {\n  "Removes an order."\n  deleteOrder(id: ID!): Boolean @auth(requires: ADMIN)\n  createOrder(input: OrderInput!): Order @auth(requires: USER)\n  updateOrder(id: ID!, input: OrderInput!): Order @auth(requires: USER)\n}\n',
    },
  },
  {
    attack: 'an operation that asks for nothing',
    twin: 'a summary of an operation',
    control: 'protective-setting-off',
    before: {
      'openapi.yaml':
        'openapi: 3.1.0\nsecurity:\n  - bearer: []\npaths:\n  /orders:\n    get:\n      operationId: listOrders\n      security:\n        - bearer: [orders:read]\n',
    },
    lost: {
      'openapi.yaml':
        'openapi: 3.1.0\nsecurity:\n  - bearer: []\npaths:\n  /orders:\n    get:\n      operationId: listOrders\n      security: []\n',
    },
    kept: {
      'openapi.yaml':
        'openapi: 3.1.0\ninfo: { title: Orders, version: "2" }\nsecurity:\n  - bearer: []\npaths:\n  /orders:\n    get:\n      summary: all orders\n      operationId: listOrders\n      security:\n        - bearer: [orders:read]\n',
    },
  },
  {
    attack: 'a policy of pages that lets scripts in the page run',
    twin: 'a further source of pictures',
    control: 'safeguard-lost',
    before: {
      'src/app.js':
        'app.use(helmet({\n  contentSecurityPolicy: { directives: { defaultSrc: ["\'self\'"], scriptSrc: ["\'self\'"] } },\n}));\n',
    },
    lost: {
      'src/app.js':
        "app.use(helmet({\n  contentSecurityPolicy: { directives: { defaultSrc: [\"'self'\"], scriptSrc: [\"'self'\", \"'unsafe-inline'\", 'https:'] } },\n}));\n",
    },
    kept: {
      'src/app.js':
        'app.use(\n  helmet({\n    contentSecurityPolicy: {\n      directives: { defaultSrc: ["\'self\'"], scriptSrc: ["\'self\'"], imgSrc: ["\'self\'"] },\n    },\n  }),\n);\n',
    },
  },
  {
    attack: 'addresses that a middleware no longer looks at',
    twin: 'further addresses',
    control: 'deny-list-shrunk',
    before: {
      'middleware.js':
        "import { NextResponse } from 'next/server';\nimport { getSession } from './lib/session';\n\nexport async function middleware(request) {\n  const session = await getSession(request);\n  if (!session && !request.nextUrl.pathname.startsWith('/login')) {\n    return NextResponse.redirect(new URL('/login', request.url));\n  }\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/app/:path*', '/api/:path*'] };\n",
    },
    lost: {
      'middleware.js':
        "import { NextResponse } from 'next/server';\nimport { getSession } from './lib/session';\n\nexport async function middleware(request) {\n  const session = await getSession(request);\n  if (!session && !request.nextUrl.pathname.startsWith('/login')) {\n    return NextResponse.redirect(new URL('/login', request.url));\n  }\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/app/:path*'] };\n",
    },
    kept: {
      'middleware.js':
        "import { NextResponse } from 'next/server';\nimport { getSession } from './lib/session';\n\nexport async function middleware(request) {\n  const session = await getSession(request);\n  if (!session && !request.nextUrl.pathname.startsWith('/login')) {\n    return NextResponse.redirect(new URL('/login', request.url));\n  }\n  return NextResponse.next();\n}\n\nexport const config = { matcher: ['/app/:path*', '/api/:path*', '/admin/:path*'] };\n",
    },
  },
  {
    attack: 'an address of administrators for everybody',
    twin: 'a remark at the rules for addresses',
    control: 'safeguard-lost',
    before: {
      'src/main/java/com/acme/SecurityConfig.java':
        'package com.acme;\n\n@Configuration\npublic class SecurityConfig {\n    @Bean\n    SecurityFilterChain chain(HttpSecurity http) throws Exception {\n        http.authorizeHttpRequests(a -> a\n                .requestMatchers("/health").permitAll()\n                .requestMatchers("/admin/**").hasRole("ADMIN")\n                .anyRequest().authenticated())\n            .csrf(Customizer.withDefaults())\n            .sessionManagement(s -> s.sessionFixation().migrateSession());\n        return http.build();\n    }\n}\n',
    },
    lost: {
      'src/main/java/com/acme/SecurityConfig.java':
        'package com.acme;\n\n@Configuration\npublic class SecurityConfig {\n    @Bean\n    SecurityFilterChain chain(HttpSecurity http) throws Exception {\n        http.authorizeHttpRequests(a -> a\n                .requestMatchers("/health", "/admin/metrics/**").permitAll()\n                .requestMatchers("/admin/**").hasRole("ADMIN")\n                .anyRequest().authenticated())\n            .csrf(Customizer.withDefaults())\n            .sessionManagement(s -> s.sessionFixation().migrateSession());\n        return http.build();\n    }\n}\n',
    },
    kept: {
      'src/main/java/com/acme/SecurityConfig.java':
        'package com.acme;\n\n@Configuration\npublic class SecurityConfig {\n    @Bean\n    SecurityFilterChain chain(HttpSecurity http) throws Exception {\n        // The cluster asks for its health.\n        http.authorizeHttpRequests(a -> a\n                .requestMatchers("/health").permitAll()\n                .requestMatchers("/admin/**").hasRole("ADMIN")\n                .anyRequest().authenticated())\n            .csrf(Customizer.withDefaults())\n            .sessionManagement(s -> s.sessionFixation().migrateSession());\n        return http.build();\n    }\n}\n',
    },
  },
  {
    attack: 'a comparison the other way round',
    twin: 'the same comparison with its sides exchanged',
    control: 'guard-negated',
    before: {
      'src/coupon.js':
        "export async function applyCoupon(db, user, cart, code) {\n  return db.transaction(async (tx) => {\n    const coupon = await tx.coupon.findUnique({ where: { code }, lock: 'update' });\n    if (!coupon || coupon.expiresAt < new Date()) throw new CouponError('expired');\n    if (coupon.usedBy.includes(user.id)) throw new CouponError('used');\n    if (cart.total < coupon.minimum) throw new CouponError('minimum');\n    await tx.coupon.update({ where: { code }, data: { usedBy: { push: user.id } } });\n    return cart.discount(coupon.amount);\n  });\n}\n",
    },
    lost: {
      'src/coupon.js':
        "export async function applyCoupon(db, user, cart, code) {\n  return db.transaction(async (tx) => {\n    const coupon = await tx.coupon.findUnique({ where: { code }, lock: 'update' });\n    if (!coupon || coupon.expiresAt > new Date()) throw new CouponError('expired');\n    if (coupon.usedBy.includes(user.id)) throw new CouponError('used');\n    if (cart.total < coupon.minimum) throw new CouponError('minimum');\n    await tx.coupon.update({ where: { code }, data: { usedBy: { push: user.id } } });\n    return cart.discount(coupon.amount);\n  });\n}\n",
    },
    kept: {
      'src/coupon.js':
        "export async function applyCoupon(db, user, cart, code) {\n  return db.transaction(async (tx) => {\n    const coupon = await tx.coupon.findUnique({ where: { code }, lock: 'update' });\n    if (!coupon || new Date() > coupon.expiresAt) throw new CouponError('expired');\n    if (coupon.usedBy.includes(user.id)) throw new CouponError('used');\n    if (cart.total < coupon.minimum) throw new CouponError('minimum');\n    await tx.coupon.update({ where: { code }, data: { usedBy: { push: user.id } } });\n    return cart.discount(coupon.amount);\n  });\n}\n",
    },
  },
  {
    attack: 'a method without its demand',
    twin: 'a method in another form',
    control: 'safeguard-lost',
    before: {
      'src/main/kotlin/A.kt':
        'package a\n\nclass A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    fun purge(id: String) = repo.delete(id)\n}\n',
    },
    lost: { 'src/main/kotlin/A.kt': 'package a\n\nclass A {\n    fun purge(id: String) = repo.delete(id)\n}\n' },
    kept: {
      'src/main/kotlin/A.kt':
        'package a\n\nclass A {\n    @PreAuthorize("hasRole(\'ADMIN\')")\n    fun purge(id: String) {\n        repo.delete(id)\n    }\n}\n',
    },
  },
  {
    attack: 'a controller without its demand',
    twin: 'a route of a controller',
    control: 'safeguard-lost',
    before: {
      'Api/OrdersController.cs':
        '[ApiController]\n[Authorize(Roles = "Admin")]\npublic class OrdersController : ControllerBase\n{\n    [HttpDelete("{id}")]\n    public IActionResult Delete(int id) => Ok();\n}\n',
    },
    lost: {
      'Api/OrdersController.cs':
        '[ApiController]\npublic class OrdersController : ControllerBase\n{\n    [HttpDelete("{id}")]\n    public IActionResult Delete(int id) => Ok();\n}\n',
    },
    kept: {
      'Api/OrdersController.cs':
        '[ApiController]\n[Authorize(Roles = "Admin")]\n[Route("orders")]\npublic class OrdersController : ControllerBase\n{\n    [HttpDelete("{id}")]\n    public IActionResult Delete(int id) => NoContent();\n}\n',
    },
  },
  {
    attack: 'routes without their middleware',
    twin: 'a further route',
    control: 'safeguard-lost',
    before: {
      'routes/web.php':
        "<?php\nRoute::middleware(['auth', 'can:admin'])->group(function () {\n    Route::delete('/users/{user}', [UserController::class, 'destroy']);\n});\n",
    },
    lost: {
      'routes/web.php':
        "<?php\nRoute::group([], function () {\n    Route::delete('/users/{user}', [UserController::class, 'destroy']);\n});\n",
    },
    kept: {
      'routes/web.php':
        "<?php\n\nRoute::middleware(['auth', 'can:admin'])->group(function () {\n    Route::delete('/users/{user}', [UserController::class, 'destroy']);\n    Route::get('/users', [UserController::class, 'index']);\n});\n",
    },
  },
  {
    attack: 'a form without its token',
    twin: 'another form',
    control: 'safeguard-lost',
    before: { 'templates/form.html': '<form method="post">\n  {% csrf_token %}\n  {{ form }}\n</form>\n' },
    lost: { 'templates/form.html': '<form method="post">\n  {{ form|safe }}\n</form>\n' },
    kept: {
      'templates/form.html': '<form method="post" class="wide">\n  {% csrf_token %}\n  {{ form.as_p }}\n</form>\n',
    },
  },
  {
    attack: 'a client that checks no certificate',
    twin: 'a name of a client',
    control: 'safeguard-lost',
    before: { 'src/client.rs': 'pub fn client() -> Client {\n    Client::builder().timeout(T).build().unwrap()\n}\n' },
    lost: {
      'src/client.rs':
        'pub fn client() -> Client {\n    Client::builder().timeout(T).danger_accept_invalid_certs(true).build().unwrap()\n}\n',
    },
    kept: {
      'src/client.rs':
        'pub fn client() -> Client {\n    Client::builder().timeout(T).user_agent("a").build().unwrap()\n}\n',
    },
  },
];
