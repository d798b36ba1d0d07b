# SPDX-License-Identifier: Apache-2.0
# fleet.jq - makes rows of what happens to a fleet, and shows them
#
#	jq -nj --unbuffered --slurpfile devices D --arg show HOW \
#		--arg color yes|no -f fleet.jq
#
# D: an object a device: device (its name), number, dm-version, client, wrong
# (what is wrong with it), firmware (its version), and ends (what shall come
# out: a version, the result code of an update that fails, expired, failed, or
# silent if no result is told).
# HOW: table (drawn again in its place), lines (one a step) or json (the rows,
# when all is over).
#
# Input: a line each, told apart by "source":
#  device	an event of dmbox-emulator --json
#  dm-server	an event of dm-server --json
#  job		a job that has changed, as dmbox job get --json has it; the last
#		one of a device counts
#  stage	{"phase": TEXT, "last": BOOLEAN}: what is being done; after the
#		last phase nothing is left but to wait for the devices
#  clock	{"ms", "columns", "lines"}: time since the start, and the size of
#		the terminal. The table is drawn with these only
#
# In the last phase it ends by itself: when the DM server has done with every
# device, or nothing has changed for 20 seconds, or after two minutes. The exit
# status is 1 if a device did not come out as it should.

# --------------------------------- a device ---------------------------------

def percent: 100 * (.octets // 0) / (.of // 1) | floor;

# What the device of a row has done, in words; null: that is no step.
def device_step($row): {
	"device.off": "off",
	"device.on": "on again",
	"device.out-of-reach": "out of reach",
	"device.in-reach": "in reach again",
	"device.no-data": "no data connection",
	"device.data": "data connection again",
	"bootstrap.applied": "has its account",
	"bootstrap.refused": "refuses its account: \(.reason)",
	"notification.verified": (if .counted != 0 then "notified"
				  else null end),
	"notification.refused": "refuses it: \(.reason)",
	"session.started": (if .initiator == "server" then "in session"
			    elif $row.over == null then "in its first session"
			    else "reporting" end),
	"session.ended": (if .outcome == "failed" then
				"session failed: \(.reason)"
			  elif $row.step | startswith("in ") then
				"session is over"
			  else null end),
	"session.declined": "its user says \(.user)",
	"user.asked": "its user is asked",
	"download.started": "downloading",
	"download.declined": "its user says \(.user)",
	"download.progress": "downloading \(.percent) %",
	"download.interrupted": "interrupted: \(.reason)",
	"download.resumed": "resumes at \(percent) %",
	"download.failed": "download failed: \(.reason)",
	"download.done": "installing",
	"update.installed": "installed \(.firmware)",
	"report.sent": "has told its result"
}[.event];

# A job's steps, until its device does something: [rank, words].
def job_step:
	(if .method == "bootstrap" then "account " else "" end) as $what |
	if .reached == "delivered" then [2, $what + "delivered"]
	elif .reached == "taken" then [1, $what + "pushed"]
	else [0, $what + "waiting"] end;

def device_rank: 3;

# A job's words may come behind those of the device: then they are too late.
def at($rank; $step):
	if $rank >= .rank then .rank = $rank | .step = $step else . end;

def take_device($event):
	. as $row | ($event | device_step($row)) as $step |
	if $step then .time = $event.time | at(device_rank; $step) else . end;

# A new job is a new beginning, if the device did nothing since it was made.
def take_job($job):
	($job | job_step) as [$rank, $step] |
	if (.job.job | tonumber) > ($job.job | tonumber) then .
	else
		if .job.job != $job.job and .time < $job.created then .rank = 0
		else . end |
		.job = $job | at($rank; $step)
	end;

# A session that ended well tells the version. The server says when it has done
# with an update, and why it wakes a device once more.
def take_dm_server($event):
	($event.text // "") as $text |
	($text | split("its firmware is ")[1]) as $version |
	if $event.event == "session.ended" then
		.firmware = ($version // .firmware)
	elif $event.event == "order.taken" then .over = false
	elif $event.event | IN("update.done", "update.failed") then .over = true
	elif $event.event == "update.again" then
		.time = $event.time | at(device_rank; $text)
	else . end;

def is_updated: .firmware != .was;

# What came out, as in "ends"; null: nothing yet.
def outcome:
	if is_updated then .firmware
	elif .over | not then null
	elif (.job.result // 0) >= 300 then "\(.job.result)"
	elif .job.state | IN("failed", "expired", "cancelled") then .job.state
	else null end;

# Why it was not updated: the words of dmboxd.
def why:
	.job | if .result then "\(.result) \(."result-text" // "")"
	elif .state == "done" then ."result-text" // "no result has come"
	else "\(.state): \(.reason // "has reached \(.reached)")" end;

def last_step:
	if is_updated then "done \(.firmware)"
	elif outcome then why
	else .step end;

# --------------------------------- the fleet --------------------------------

def new_row: {
	was: .firmware,
	over: null,		# before its order; then: the DM server is done
	rank: 0, step: "",	# of at()
	time: "",		# of the last step that the device has told
	job: { job: "0" }
};

def begin: {
	ms: 0, columns: 80, lines: 25, phase: "Starting", last: false,
	changed: 0,		# in ms: when something has, the last time
	news: null,		# the device that the last input has changed
	drawn: 0,		# lines of the table before
	rows: ([$devices[] | { (.device): (. + new_row) }] | add),
	names: ([$devices[] | { (.number): .device }] | add)
};

def take_row($in):
	if $in.source == "device" then take_device($in)
	elif $in.source == "job" then take_job($in)
	else take_dm_server($in) end;

def take_event($in):
	($in.device // "") as $device |
	(.names[$device] // $device) as $name |
	.rows[$name] as $was |
	if $was then .rows[$name] |= take_row($in) else . end |
	if .rows[$name] != $was then .changed = .ms | .news = $name else . end;

def take($in):
	.news = null |
	if $in.source == "clock" then . + ($in | { ms, columns, lines })
	elif $in.source == "stage" then
		. + ($in | { phase, last }) | .changed = .ms
	else take_event($in) end;

def is_over:
	(.ms - .changed) as $quiet |
	.last and ($quiet >= 20000 or .ms >= 120000 or
		   ($quiet >= 1000 and all(.rows[]; outcome)));

def is_right: (outcome // "silent") == .ends;

def count(f): [.rows[] | select(f)] | length;

# ---------------------------------- lines -----------------------------------

# A cell of n characters.
def cell($n): if length > $n then .[:$n] else . + " " * ($n - length) end;

def seconds: "\(.ms / 1000 | floor).\(.ms / 100 % 10 | floor) s";

# The step as a line has it.
def told:
	last_step + if outcome == null and .rank < device_rank and
		       (.job.attempt // 0) > 1
		    then " (attempt \(.job.attempt))" else "" end;

# Each tenth of a download is no line of its own.
def kind: told | sub(" [0-9]+ %"; "");

# A line for what is new.
def line($in; $was):
	(seconds | cell(8)) as $clock |
	.rows[.news // ""] as $row |
	if $in.source == "stage" then "\($clock)\(.phase)\n"
	elif $row == null or ($row | kind) == ($was.rows[.news] | kind) then ""
	else
		$row | "\($clock)\(.device) (\(.client), " +
			"DM \(."dm-version")): \(told)\n"
	end;

# --------------------------------- the table --------------------------------

def sgr($code):
	if $color == "yes" and $code then "\u001b[\($code)m\(.)\u001b[m"
	else . end;

def color:
	if is_updated then 32			# green
	elif outcome then 31			# red
	elif .rank == device_rank then 33	# yellow: it is at work
	else null end;

# The step gets what the other columns leave.
def cells($columns):
	color as $color_code |
	"\(.device | cell(7))\(.client | cell(17))\(."dm-version" | cell(6))" +
	"\(.wrong | cell(20))" + (last_step |
		cell([$columns - 61, 12] | max) | sgr($color_code)) +
	" \(.job.attempt // "" | tostring | cell(4))\(.job.job | cell(4))";

def head: { device: "device", client: "client", "dm-version": "DM",
	    wrong: "what is wrong", step: "step",
	    job: { attempt: "try", job: "job" } };

def status:
	"\(seconds): \(.phase). \(count(is_updated)) updated, " +
	"\(count(outcome) - count(is_updated)) not, " +
	"\(count(outcome | not)) under way";

# Over what was drawn before.
def redraw:
	.columns as $columns |
	([head, .rows[] | cells($columns)][:.lines - 3] +
	 ["", (status | .[:$columns - 1])]) as $all |
	(if .drawn > 0 then "\u001b[\(.drawn)A" else "" end) as $up |
	.drawn = ($all | length) |
	.draw = $up + ($all | map(. + "\u001b[K\n") | add);

# --------------------------------- the end ----------------------------------

# Words in lines of n characters at most; a word that is longer stands alone.
def fold($n):
	reduce (splits(" ")) as $word ([];
		if . == [] then [$word]
		elif (.[-1] + " " + $word | length) <= $n then
			.[-1] += " " + $word
		else . + [$word] end);

# Below a table as wide as that; as lines it is one.
def why_folded($columns):
	"job \(.job.job): \(why)" | if $show == "table" then
		fold([$columns - 30, 20] | max) | join("\n" + " " * 29)
	else . end;

# In whole lines, which the table has not.
def report:
	.columns as $columns |
	(if $show == "table" then "\u001b[?7h" else "" end) +
	"\n\(count(is_updated)) of \(count(true)) devices have been updated.\n",
	(.rows[] | select(is_updated | not) |
		"  \(.device | cell(7))\(.wrong | cell(20))" +
		"\(why_folded($columns))\n"),
	if all(.rows[]; is_right) then
		"Each device has come out as it should, after \(seconds).\n"
	else
		.rows[] | select(is_right | not) |
			"This is wrong: \(.device) has come out with " +
			"\(outcome // "silent"), and should with \(.ends).\n"
	end;

def as_json:
	.rows[] | { device, number, "dm-version", client, wrong, ends,
		    step: last_step, outcome: (outcome // "silent"),
		    right: is_right, firmware, job: .job.job,
		    attempt: .job.attempt, state: .job.state,
		    reason: .job.reason, result: .job.result,
		    "result-text": .job."result-text" };

def show($in; $was):
	if $show == "lines" then .draw = line($in; $was)
	elif $show == "table" and $in.source == "clock" then redraw
	else .draw = "" end;

def finish:
	(if $show == "json" then as_json | tojson + "\n" else report end),
	(if all(.rows[]; is_right) then halt else "" | halt_error(1) end);

foreach inputs as $in (begin;
	. as $was | take($in) | show($in; $was);
	.draw, if is_over then finish else empty end)
