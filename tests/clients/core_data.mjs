// What WordPress's editor does with core-data, its data layer of WordPress 6.1's time.
import { createRequire } from 'node:module';

const [url, user, password] = process.argv.slice(2);
const credentials = Buffer.from(`${user}:${password}`).toString('base64');

// As much of a browser as the scripts ask for while they load.
globalThis.window = globalThis;
globalThis.document = { addEventListener() {} };
globalThis.navigator ??= { platform: '' };
globalThis.addEventListener = () => {};
globalThis.requestIdleCallback = (act) => setTimeout(() => act({ timeRemaining: () => 50 }));
globalThis.requestAnimationFrame = globalThis.cancelAnimationFrame = () => {};

const require = createRequire(import.meta.url);
const { createRegistry } = require('@wordpress/data');
const { store, __experimentalFetchLinkSuggestions: suggest } = require('@wordpress/core-data');
// core-data brings an api-fetch of its own.
const { default: apiFetch } = createRequire(require.resolve('@wordpress/core-data'))('@wordpress/api-fetch');

apiFetch.use(apiFetch.createRootURLMiddleware(`${url}/wp-json/`));
apiFetch.use((options, next) =>
  next({ ...options, headers: { ...options.headers, Authorization: `Basic ${credentials}` } })
);

const told = {};
// Each registry has read nothing yet.
const opened = () => {
  const registry = createRegistry();
  registry.register(store);
  return {
    read: registry.resolveSelect(store),
    now: registry.select(store),
    write: registry.dispatch(store),
  };
};
const thrown = { throwOnError: true };

const { read, now, write } = opened();
const posts = await read.getEntityRecords('postType', 'post', { per_page: -1, _fields: 'id,title' });
told.posts = posts.length;
told.types = (await read.getEntityRecords('root', 'postType', { per_page: -1 })).map((type) => type.slug);
told.taxonomies = (await read.getEntityRecords('root', 'taxonomy', { per_page: -1 })).map(({ slug }) => slug);
told.me = (await read.getCurrentUser()).id;
told.theme = (await read.getCurrentTheme()).stylesheet;
told.formats = (await read.getThemeSupports()).formats.includes('quote');
told.title = (await read.getEntityRecord('root', 'site')).title.length > 0;
told.may = [];
for (const action of ['create', 'read', 'update', 'delete']) {
  told.may.push(await read.canUser(action, 'posts', posts[0].id));
}

const draft = await write.saveEntityRecord('postType', 'post', { title: 'By core-data', status: 'draft' });
await write.editEntityRecord('postType', 'post', draft.id, {
  title: 'Edited',
  content: '<!-- wp:paragraph --><p>Words.</p><!-- /wp:paragraph -->',
});
told.dirty = now.hasEditsForEntityRecord('postType', 'post', draft.id);
await write.saveEditedEntityRecord('postType', 'post', draft.id);
told.clean = !now.hasEditsForEntityRecord('postType', 'post', draft.id);
told.edited = now.getRawEntityRecord('postType', 'post', draft.id).title;
await write.saveEntityRecord('postType', 'post', { id: draft.id, title: 'Saved by itself' }, { isAutosave: true });
told.draftItself = now.getRawEntityRecord('postType', 'post', draft.id).title;
await write.saveEntityRecord('postType', 'post', { id: draft.id, status: 'publish' });
await write.saveEntityRecord('postType', 'post', { id: draft.id, title: 'Beside' }, { isAutosave: true });
told.beside = now.getRawEntityRecord('postType', 'post', draft.id).title;
told.autosave = (await opened().read.getAutosave('post', draft.id, told.me)).title.raw;
told.found = (await suggest('Saved by itself', { type: 'post' })).map(({ id }) => id === draft.id);
told.refused = await write
  .saveEntityRecord('postType', 'post', { id: draft.id, status: 'no-such' }, thrown)
  .catch((error) => [error.code, Object.keys(error.data.params)]);
await write.deleteEntityRecord('postType', 'post', draft.id, {}, thrown);
told.trashed = (await opened().read.getEntityRecord('postType', 'post', draft.id)).status;
await write.deleteEntityRecord('postType', 'post', draft.id, { force: true }, thrown);

const tag = await write.saveEntityRecord('taxonomy', 'post_tag', { name: 'Salt & pepper' });
const again = await write.saveEntityRecord('taxonomy', 'post_tag', { id: tag.id, name: tag.name });
told.names = [tag.name, again.name];
await write.deleteEntityRecord('taxonomy', 'post_tag', tag.id, { force: true }, thrown);

const menu = await write.saveEntityRecord('root', 'menu', { name: 'By core-data' });
const entry = (title) => ({ title, url: 'https://example.org/', menus: menu.id, status: 'publish' });
const entries = await write.__experimentalBatch(
  ['One', 'Two'].map((title) => ({ saveEntityRecord }) =>
    saveEntityRecord('root', 'menuItem', entry(title))
  )
);
told.batch = entries.map(({ title }) => title.raw);
const kept = await opened().read.getEntityRecord('root', 'menuItem', entries[0].id);
told.sentBack = (await write.saveEntityRecord('root', 'menuItem', kept)).id === kept.id;
await write.deleteEntityRecord('root', 'menu', menu.id, { force: true }, thrown);

console.log(JSON.stringify(told));
// Its stores keep timers.
process.exit(0);
