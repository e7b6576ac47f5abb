<?php
/**
 * Asks a WordPress every case in every role and writes what it answers.
 *
 * Runs inside WordPress 6.1, for example
 *     python -m tests.api.permissions.cases | wp eval-file tests/api/permissions/record.php > recorded.json
 * What it makes and changes lies in one transaction that is taken back.
 */

const ROLES = ['anonymous', 'subscriber', 'contributor', 'author', 'editor', 'administrator'];
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const BELOW = [
    'own' => 'post.others.publish', 'others' => 'post.others.publish', 'onown' => 'post.own.publish',
    'private' => 'post.others.private', 'draft' => 'post.others.draft',
    'password' => 'post.others.password', 'ondraft' => 'post.others.draft',
    'onprivate' => 'post.others.private',
];

/** What cases name, made when it is first named; `role` is whose "own" is meant. */
class Cast
{
    public string $role = 'anonymous';
    private array $made = [];

    public function number(string $name)
    {
        [$kind, $whose] = [...explode('.', $name), ''];
        $isOwn = in_array('own', explode('.', $name), true) || str_contains($name, 'onown') || $whose === 'me';
        if ($isOwn && $this->role === 'anonymous') {
            throw new OutOfBoundsException($name);
        }
        $key = $isOwn ? "$this->role $name" : $name;
        return $this->made[$key] ??= $this->{"make_$kind"}(...array_slice(explode('.', $name), 1));
    }

    public function filled($value)
    {
        if (is_array($value)) {
            return array_map([$this, 'filled'], $value);
        }
        if (!is_string($value)) {
            return $value;
        }
        if (preg_match('/^\{([a-z.]+)\}$/', $value, $found)) {
            return $this->number($found[1]);
        }
        return preg_replace_callback('/\{([a-z]+(?:\.[a-z]+)*)\}/', fn($found) => $this->number($found[1]), $value);
    }

    private function owner(string $whose): int
    {
        return $this->number($whose === 'own' ? 'user.me' : 'user.other');
    }

    private function make_site(): string
    {
        return home_url();
    }

    private function make_user(string $name): int
    {
        $roles = ['boss' => 'administrator', 'other' => 'author', 'silent' => 'subscriber'];
        $login = $name === 'me' ? "the-$this->role" : "the-$name";
        return wp_insert_user([
            'user_login' => $login, 'user_pass' => 'a long one 7', 'display_name' => $login,
            'user_email' => substr($login, 4) . '@example.org', 'role' => $roles[$name] ?? $this->role,
        ]);
    }

    public function make_entry(string $kind, string $whose, string $state): int
    {
        $status = in_array($state, ['password', 'trash', 'closed'], true) ? 'publish' : $state;
        $id = wp_insert_post([
            'post_type' => $kind, 'post_status' => $status, 'post_title' => "$whose $state",
            'post_content' => 'Words.', 'post_author' => $this->owner($whose),
            'post_password' => $state === 'password' ? 'secret' : '',
            'comment_status' => $state === 'closed' ? 'closed' : 'open',
            'post_date' => $state === 'future' ? '2031-01-01 10:00:00' : '2026-01-01 10:00:00',
        ]);
        if ($state === 'trash') {
            wp_trash_post($id);
        }
        return $id;
    }

    private function make_post(string $whose, string $state): int
    {
        return $this->make_entry('post', $whose, $state);
    }

    private function make_page(string $whose, string $state): int
    {
        return $this->make_entry('page', $whose, $state);
    }

    private function make_block(string $whose, string $state): int
    {
        return $this->make_entry('wp_block', $whose, $state);
    }

    private function make_revision(string $kind, string $whose): int
    {
        $id = $this->number("$kind.$whose.publish");
        wp_update_post(['ID' => $id, 'post_content' => 'Other words.']);
        return array_key_first(wp_get_post_revisions($id));
    }

    private function make_autosave(string $kind, string $whose): int
    {
        $id = $this->number("$kind.$whose.publish");
        wp_set_current_user($this->owner($whose));
        $made = _wp_put_post_revision(['ID' => $id, 'post_content' => 'Unsaved.'] + get_post($id, ARRAY_A), true);
        wp_set_current_user(0);
        return $made;
    }

    private function make_media(string $whose): int
    {
        return wp_insert_attachment([
            'post_mime_type' => 'image/png', 'post_title' => $whose, 'post_status' => 'inherit',
            'post_author' => $this->owner($whose),
            'post_parent' => str_starts_with($whose, 'on') ? $this->number(BELOW[$whose]) : 0,
        ], "2026/01/$whose.png");
    }

    private function make_comment(string $where, string $state): int
    {
        $status = ['approved' => 1, 'hold' => 0][$state] ?? $state;
        $author = get_userdata($this->owner($where));
        return wp_insert_comment([
            'comment_post_ID' => $this->number(BELOW[$where]), 'comment_content' => "Said $where $state by $this->role.",
            'user_id' => $author->ID, 'comment_approved' => $status, 'comment_author' => 'm',
            'comment_author_email' => 'm@example.org', 'comment_date' => '2026-01-02 03:04:05',
            'comment_date_gmt' => '2026-01-02 03:04:05',
        ]);
    }

    private function make_term(string $kind): int
    {
        return wp_insert_term('Kettles', $kind === 'tag' ? 'post_tag' : $kind)['term_id'];
    }

    private function make_menu(string $name): int
    {
        return wp_create_nav_menu("Menu $name");
    }

    private function make_menuitem(string $name): int
    {
        return wp_update_nav_menu_item($this->number('menu.one'), 0, [
            'menu-item-title' => $name, 'menu-item-url' => 'https://example.org/',
            'menu-item-type' => 'custom', 'menu-item-status' => 'publish',
        ]);
    }

    private function make_password(string $whose): string
    {
        $owner = $this->number("user.$whose");
        return WP_Application_Passwords::create_new_application_password($owner, ['name' => 'phone'])[1]['uuid'];
    }
}

/** Ask in a role, and take back whatever came of it. */
function asked(Cast $cast, string $role, string $method, string $path, $body): ?string
{
    global $wpdb, $wp_rest_application_password_uuid, $wp_rest_server;
    $cast->role = $role;
    try {
        [$path, $body] = [$cast->filled($path), $cast->filled($body)];
    } catch (OutOfBoundsException) {
        return null;
    }
    $user = $role === 'anonymous' ? 0 : $cast->number('user.me');
    $wp_rest_application_password_uuid = $user ? $cast->number('password.me') : null;
    $wpdb->query('SAVEPOINT asked');
    wp_set_current_user($user);
    [$path, $query] = [...explode('?', $path, 2), ''];
    $request = new WP_REST_Request($method, $path);
    parse_str($query, $params);
    $request->set_query_params($params);
    if (isset($body['upload'])) {
        $request->set_header('Content-Type', 'image/png');
        $request->set_header('Content-Disposition', "attachment; filename=$body[upload]");
        $request->set_body(base64_decode(DOT));
    } elseif ($body !== null) {
        $request->set_header('Content-Type', 'application/json');
        $request->set_body(json_encode($body ?: (object) []));
    }
    $response = rest_get_server()->dispatch($request);
    $response = apply_filters('rest_post_dispatch', rest_ensure_response($response), rest_get_server(), $request);
    $said = outcome($method, $path, $response);
    $wpdb->query('ROLLBACK TO SAVEPOINT asked');
    wp_set_current_user(0);
    wp_cache_flush();
    return $said;
}

function outcome(string $method, string $path, WP_REST_Response $response): string
{
    $isKinds = preg_match('#^/wp/v2/(types|taxonomies|statuses)$#', $path);
    $data = $response->get_data();
    $parts = [$response->get_status()];
    if ($method === 'HEAD') {
        return $parts[0];
    }
    if ($response->get_status() >= 400) {
        $parts[] = $data['code'];
    } elseif ($response->get_status() === 207) {
        foreach ($data['responses'] as $inner) {
            $parts[] = $inner === null ? 'null' : trim("$inner[status] " . ($inner['status'] >= 400 ? $inner['body']['code'] : ''));
        }
    } elseif ($method === 'OPTIONS') {
        $parts[] = $response->get_headers()['Allow'] ?? '';
    } elseif ($method === 'GET' && (isset($response->get_headers()['X-WP-Total']) || $isKinds)) {
        $parts[] = count((array) $data);
    }
    return trim(implode(' ', $parts));
}

global $wpdb;
$folder = sys_get_temp_dir() . '/recorded-' . getmypid();
add_filter('upload_dir', fn($dirs) => ['path' => $folder, 'basedir' => $folder, 'subdir' => ''] + $dirs);
add_filter('wp_delete_file', '__return_empty_string');
add_filter('pre_wp_mail', '__return_true');
add_filter('pre_http_request', fn() => new WP_Error('http_request_failed', 'No network.'));
add_filter('wp_is_application_passwords_available', '__return_true');
register_nav_menu('primary', 'Main menu');
remove_action('check_comment_flood', 'check_comment_flood_db');
$wpdb->query('SET autocommit = 0');
$wpdb->query('START TRANSACTION');
foreach (['posts', 'postmeta', 'comments', 'commentmeta', 'users', 'usermeta', 'terms', 'term_taxonomy', 'term_relationships'] as $table) {
    $wpdb->query("DELETE FROM {$wpdb->$table}");
}
wp_cache_flush();

$cases = json_decode(file_get_contents('php://stdin'), true);
$cast = new Cast();
foreach (['boss', 'other', 'silent'] as $name) {
    $cast->number("user.$name");
}
// The page that is the site's front.
wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Home']);
foreach (array_slice(ROLES, 1) as $cast->role) {
    $cast->number('user.me');
    $cast->number('password.me');
}
foreach ($cases as [$name, $method, $path, $body]) {
    preg_match_all('/\{([a-z]+(?:\.[a-z]+)*)\}/', $name, $found);
    foreach (ROLES as $cast->role) {
        foreach ($found[1] as $named) {
            try {
                $cast->number($named);
            } catch (OutOfBoundsException) {
            }
        }
    }
}
wp_cache_flush();
$rows = [];
foreach ($cases as $at => [$name, $method, $path, $body]) {
    foreach (ROLES as $role) {
        $said[$role] = asked($cast, $role, $method, $path, $body);
    }
    $differs = count(array_unique($said, SORT_REGULAR)) > 1;
    $rows[] = json_encode($name, 320) . ': ' . json_encode($differs ? array_values($said) : $said['anonymous'], 320);
    if ($at % 100 === 0) {
        fwrite(STDERR, "$at ");
    }
}
$wpdb->query('ROLLBACK');
echo "{\n", implode(",\n", $rows), "\n}\n";
