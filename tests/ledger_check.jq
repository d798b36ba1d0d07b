# SPDX-License-Identifier: Apache-2.0
# ledger_check.jq - holds the ledgers of clients and devices against each other
#
#	jq -n --slurpfile answers A --slurpfile kills K --slurpfile events E \
#		-f ledger_check.jq
#
# A: what ledger_client wrote. K: a number a line, when dmboxd had been killed,
# in milliseconds since 1970. E: the event lines of dmbox-emulator --json.
# Nothing here comes from dmboxd's database or log. Prints counts, and lists of
# what may not be, each of which has to be empty:
#
#  lost		jobs that were accepted, not superseded, and never arrived
#  unexplained	jobs that arrived more than once, without a kill for each time
#		but the first: one kill explains one arrival of a device
#  in_flight	jobs that had not arrived when the next of their device was made
#  two_jobs	requests that got two jobs; jobs with two session ids, and
#		session ids with two jobs
#  refused	messages that a device refused: not whole, not verified
#  errors	requests that were refused, but not for a busy device

def ms: (.time[0:19] + "Z" | fromdate) * 1000 + (.time[20:23] | tonumber);

# What is one message: a device gets one bootstrap only.
def message: "\(.device) \(."session-id" // "bootstrap")";

# An object: for each value of f, g of those that have it. This way jq is fast.
def index(f; g): group_by(f) | map({ (.[0] | f): map(g) }) | add // {};
def index(f): index(f; .);

([$answers[] | select(.job)]) as $accepted |

($events | map(select(.event == "notification.verified" or
		      .event == "bootstrap.applied") |
	       { message: message, time: ms }) |
	sort_by(.time) | index(.message; .time)) as $arrivals |

# One a job, in the order in which they were made, with its times.
($accepted | index(.job) | map({
	job: (.[0].job | tonumber),
	device: .[0].device,
	message: .[0] | message,
	sent: map(.sent) | min,
	answered: map(.answered) | min,
	supersedes: any(."on-busy" == "supersede" and (.joined | not)),
	arrived: ($arrivals[.[0] | message] // [])
}) | sort_by(.job)) as $jobs |

# Of each device, a job and the next one. It may be that only the next one's
# ledger line tells that it superseded, since the first answer got lost.
($jobs | index(.device) | map([., .[1:]] | transpose | .[] |
			      { job: .[0], next: .[1] })) as $pairs |
($accepted | map(.superseded | select(.)) | index(.)) as $told |

def superseded: $told[.job.job | tostring] or .next.supersedes;

# Takes away what each kill explains: the arrival that comes first.
def unexplained: reduce $kills[] as $kill (.;
	([.[] | select(.sent < $kill and $kill < .arrived)] |
	 min_by(.arrived)) as $x | . - [$x]);

([$jobs[] | . as $job | .arrived[1:] | to_entries[] |
  { job: $job.job, device: $job.device, sent: $job.sent,
    arrived: .value, n: .key }]) as $extra |

def of_two(f; g): index(f; g) | map(unique | select(length > 1));

{
	answers: $answers | length,
	jobs: $jobs | length,
	bootstraps: $jobs | map(select(.message | endswith("bootstrap"))) |
		length,
	superseded: $pairs | map(select(superseded)) | length,
	arrived: $jobs | map(select(.arrived | length > 0)) | length,
	extra: $extra | length,
	kills: $kills | length,

	lost: $pairs | map(select((.job.arrived | length) == 0 and
				  (superseded | not)) | .job),
	unexplained: $extra | index(.device) | map(unexplained | .[]),
	in_flight: $pairs | map(select(.next and (superseded | not) and
		.job.arrived[0] > ([.next.answered, .next.arrived[0]] |
				   map(values) | min))),
	two_jobs: ($accepted | of_two("\(.client) \(.request)"; .job) +
		   of_two(.job; message) + of_two(message; .job)),
	refused: $events | map(select(.event == "notification.refused" or
				      .event == "bootstrap.refused")),
	errors: $answers | map(select(.error))
}
