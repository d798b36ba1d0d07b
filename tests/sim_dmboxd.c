/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_dmboxd.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/send/routes.h"
#include "gateway/store/housekeeping.h"
#include "tests/sim_api.h"
#include "tests/sim_bearerbox.h"
#include "tests/sim_loop.h"
#include "tests/sim_store.h"

#define DAY_S 86400

static struct config config;
static struct methods methods;
static struct housekeeping *housekeeping;
static unsigned life;
static int64_t since_ms;

void sim_dmboxd_configure(void)
{
	static const int32_t firsts_s[] = { 60, 300, 1800 };

	config = (struct config){
		.sender = "12345",
		.expires_s = DAY_S,
		.bootstrap_expires_s = DAY_S,
		.expires_max_s = 30 * DAY_S,
		.result_window_s = 7 * DAY_S,
		.until = REACHED_DELIVERED,
		.attempts = {
			.first_s = firsts_s[sim_below(3)],
			.factor = (int32_t)sim_between(1, 3),
			.ceiling_s = DAY_S / 4,
			.max = (int32_t)sim_between(1, 10),
		},
		.queue_max = 1000000,
		.jobs_keep_s = 10 * DAY_S,
		.events_keep_s = 2 * DAY_S,
		.unsigned_bootstrap = true,
	};
	config.bearerbox.window = (int32_t)sim_between(1, sim_one_in(2) ? 3 :
						       100);
	config.bearerbox.ack_timeout_s = (int32_t)sim_between(10, 300);
}

const struct attempt_plan *sim_dmboxd_plan(void)
{
	return &config.attempts;
}

static void must(int rc, const struct err *e)
{
	char text[ERR_TEXT_MAX];

	if (!rc)
		return;
	fprintf(stderr, "dmboxd: %s\n", err_text(e, text, sizeof(text)));
	exit(EXIT_FAILURE);
}

void sim_dmboxd_start(void)
{
	struct housekeeping_limits limits = {
		config.jobs_keep_s, config.events_keep_s,
	};
	struct err e;

	sim_store_open();
	methods = (struct methods){ .config = &config,
				    .started_ms = clock_ms() };
	must(routes_new(&methods.routes, NULL, NULL, &config, &e), &e);
	housekeeping = housekeeping_new(NULL, NULL, &limits);
	life++;
	since_ms = sim_now_ms();
	sim_api_serve(&methods);
}

/*
 * Its memory is freed as an ordinary end does it, but with nobody who hears of
 * it: neither the clients nor bearerbox nor the database.
 */
void sim_dmboxd_kill(void)
{
	since_ms = sim_now_ms();
	sim_api_serve(NULL);
	sim_api_break();
	sim_bearerbox_cut();
	housekeeping_stop(housekeeping);
	sim_store_kill();
	routes_free(methods.routes);
	housekeeping_free(housekeeping);
	methods.routes = NULL;
}

bool sim_dmboxd_is_up(void)
{
	return methods.routes;
}

unsigned sim_dmboxd_life(void)
{
	return life;
}

int64_t sim_dmboxd_since_ms(void)
{
	return since_ms;
}
