-- Writes comments over wp/v2, each unlike all others: BENCH_POST is the post, BENCH_RUN the run.
local words = {
  "amber", "bell", "bridge", "cargo", "compass", "copper", "drift", "ember", "engine", "harbour",
  "kettle", "lantern", "linen", "meadow", "northern", "orchard", "paper", "quarry", "quiet",
  "ridge", "river", "saffron", "signal", "stone", "thimble", "tide", "violet", "walnut", "window",
  "winter", "garden", "people", "because", "nothing", "evening", "kitchen", "another", "question",
  "written", "between", "picture", "morning", "station", "weather", "million", "account",
}
local post, run = os.getenv("BENCH_POST"), os.getenv("BENCH_RUN")
local length = tonumber(os.getenv("BENCH_LENGTH") or "300")
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  math.randomseed(os.time() * 10 + number)
  count = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  count = count + 1
  local who = run .. "-" .. number .. "-" .. count
  local text = "Comment " .. who
  while #text < length do
    text = text .. " " .. words[math.random(#words)]
  end
  text = string.sub(text, 1, length - 1) .. "."
  local body = string.format(
    '{"post":%s,"author_name":"Reader %s","author_email":"reader%s@example.org","content":"%s"}',
    post, who, who, text)
  return wrk.format(nil, nil, nil, body)
end
