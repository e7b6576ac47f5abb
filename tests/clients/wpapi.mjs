// What a front end does with wpapi: it finds the API, reads, writes and uploads.
import WPAPI from 'wpapi';

const [url, user, password, picture] = process.argv.slice(2);
const told = {};

const found = await WPAPI.discover(url);
const anonymous = new WPAPI({ endpoint: `${url}/wp-json` });
const signedIn = new WPAPI({ endpoint: `${url}/wp-json`, username: user, password, auth: true });

told.discovered = found._options.endpoint;
const page = await anonymous.posts().perPage(2).embed();
told.posts = page.length;
told.total = Number(page._paging.total);
told.pages = Number(page._paging.totalPages);
// What the site itself has posted has no author, here as in WordPress.
const written = (await anonymous.posts().perPage(10).embed()).filter((post) => post.author);
told.authors = written.map((post) => post._embedded.author[0].name);
const next = await page._paging.next;
told.next = next.map((post) => post.id).filter((id) => page.some((post) => post.id === id)).length;
told.bySlug = (await anonymous.posts().slug(page[0].slug))[0].id === page[0].id;
const categories = await anonymous.categories().perPage(3);
told.ofCategory = (await anonymous.posts().categories(categories[0].id)).length;
// A picture smaller than every size has none, here as in WordPress.
const pictures = await anonymous.media().perPage(20);
const sized = pictures.find((item) => item.media_details.sizes?.full);
told.media = sized.media_details.sizes.full.source_url;
told.types = Object.keys(await anonymous.types());
told.missing = await anonymous.posts().id(99999999).get().catch((error) => error.code);

told.me = (await signedIn.users().me()).id;
const draft = await signedIn.posts().create({ title: 'By wpapi', content: '<p>Words.</p>' });
told.draft = draft.status;
told.hidden = await anonymous.posts().id(draft.id).get().catch((error) => error.code);
const published = await signedIn.posts().id(draft.id).update({
  status: 'publish',
  categories: [categories[0].id],
  excerpt: 'Short',
});
told.published = [published.status, published.categories.length, published.slug];
told.shown = (await anonymous.posts().id(draft.id)).title.rendered;
const file = await signedIn.media().file(picture, 'view.jpg').create({ alt_text: 'A view' });
told.uploaded = [file.media_type, file.alt_text, file.mime_type];
const pictured = await signedIn.posts().id(draft.id).update({ featured_media: file.id });
told.pictured = pictured.featured_media === file.id;
told.revisions = (await signedIn.posts().id(draft.id).revisions()).length;
told.trashed = (await signedIn.posts().id(draft.id).delete()).status;
told.gone = (await signedIn.posts().id(draft.id).delete({ force: true })).deleted;
told.fileGone = (await signedIn.media().id(file.id).delete({ force: true })).deleted;

console.log(JSON.stringify(told));
