// What WordPress's own scripts do with api-fetch: overridden methods, whole collections, errors.
globalThis.window = globalThis;
const { default: imported } = await import('@wordpress/api-fetch');
// Node wraps what was written for CommonJS once more.
const apiFetch = imported.default ?? imported;

const [url, user, password] = process.argv.slice(2);
const credentials = Buffer.from(`${user}:${password}`).toString('base64');
const told = {};

apiFetch.use(apiFetch.createRootURLMiddleware(`${url}/wp-json/`));
apiFetch.use((options, next) =>
  next({ ...options, headers: { ...options.headers, Authorization: `Basic ${credentials}` } })
);

const all = await apiFetch({ path: '/wp/v2/posts?per_page=-1&_fields=id' });
const head = await apiFetch({ path: '/wp/v2/posts?per_page=1&_fields=id', parse: false });
told.all = all.length === Number(head.headers.get('X-WP-Total'));
const allowed = await apiFetch({ path: '/wp/v2/posts', method: 'OPTIONS', parse: false });
told.allowed = allowed.headers.get('Allow');
const made = await apiFetch({ path: '/wp/v2/tags', method: 'POST', data: { name: 'By api-fetch' } });
told.made = made.slug;
const named = await apiFetch({
  path: `/wp/v2/tags/${made.id}`,
  method: 'PUT',
  data: { name: 'Named anew' },
});
told.named = named.name;
told.again = await apiFetch({ path: '/wp/v2/tags', method: 'POST', data: { name: 'Named anew' } })
  .catch((error) => [error.code, error.data.term_id === made.id]);
const gone = await apiFetch({ path: `/wp/v2/tags/${made.id}?force=true`, method: 'DELETE' });
told.gone = gone.deleted;
told.settings = Object.keys(await apiFetch({ path: '/wp/v2/settings?_locale=user' })).length;
const batch = await apiFetch({
  path: '/batch/v1',
  method: 'POST',
  data: { requests: [{ path: '/wp/v2/tags', method: 'POST', body: { name: 'In a batch' } }] },
});
told.batch = batch.responses[0].status;
await apiFetch({
  path: `/wp/v2/tags/${batch.responses[0].body.id}?force=true`,
  method: 'DELETE',
});
const draft = await apiFetch({
  path: '/wp/v2/posts',
  method: 'POST',
  data: { title: 'By api-fetch', content: '<!-- wp:paragraph --><p>Words.</p><!-- /wp:paragraph -->' },
});
told.raw = draft.content.raw;
const edited = await apiFetch({
  path: `/wp/v2/posts/${draft.id}?context=edit`,
});
told.template = edited.permalink_template.includes('%postname%');
told.slug = edited.generated_slug;
const autosave = await apiFetch({
  path: `/wp/v2/posts/${draft.id}/autosaves`,
  method: 'POST',
  data: { title: 'Saved by itself' },
});
told.autosave = autosave.title.raw;
told.deleted = (await apiFetch({ path: `/wp/v2/posts/${draft.id}?force=true`, method: 'DELETE' })).deleted;

console.log(JSON.stringify(told));
