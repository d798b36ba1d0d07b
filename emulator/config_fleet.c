/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/config_fleet.h"

#include <string.h>

#include "emulator/xalloc.h"

/* --------------------------------- texts --------------------------------- */

static int check_text(const char *field, const char *text, struct err *e)
{
	while ((text = strchr(text, '%'))) {
		if (text[1] != 'n' && text[1] != '%')
			return err_set(e, DM_EINVAL, field,
				       "%n (the number), %% (a %)",
				       "another character behind %%");
		text += 2;
	}
	return DM_OK;
}

/* The caller frees it. */
static char *fill(const char *text, const char *digits)
{
	size_t room = 1, len = 0;
	char *out;

	for (const char *at = text; *at; at++)
		room += *at == '%' ? strlen(digits) : 1;
	out = xcalloc(room, 1);
	for (; *text; text++) {
		bool number = text[0] == '%' && text[1] == 'n';

		text += *text == '%';
		if (number)
			len += (size_t)sprintf(out + len, "%s", digits);
		else
			out[len++] = *text;
	}
	return out;
}

static void wipe(char *text)
{
	hash_wipe(text, strlen(text));
}

static void free_text(char *text)
{
	wipe(text);
	free(text);
}

static void fill_section(struct config_fleet *f)
{
	for (size_t i = 0; i < CONFIG_DEVICE_FIELDS; i++) {
		const char *name = config_device_options[i].name;
		char *text;

		if (!f->texts[i])
			continue;
		text = fill(f->texts[i], device_digits(f->number));
		wipe(cfg_getstr(f->sec, name));
		cfg_setstr(f->sec, name, text);
		free_text(text);
	}
}

static int take_texts(struct config_fleet *f, struct err *e)
{
	int rc = DM_OK;

	for (size_t i = 0; !rc && i < CONFIG_DEVICE_FIELDS; i++) {
		const cfg_opt_t *opt = &config_device_options[i];
		const char *text = opt->type == CFGT_STR ?
				   cfg_getstr(f->sec, opt->name) : NULL;

		if (!text || !strchr(text, '%'))
			continue;
		rc = check_text(opt->name, text, e);
		f->texts[i] = xcheck(strdup(text));
	}
	return rc;
}

/* -------------------------------- numbers -------------------------------- */

/* The next one with as many digits; false: there is none. */
static bool count_up(char *digits)
{
	size_t i = strlen(digits);

	if (strspn(digits, "9") == i)
		return false;
	while (digits[i - 1] == '9')
		digits[--i] = '0';
	digits[i - 1]++;
	return true;
}

int config_fleet_next(struct config_fleet *f, struct err *e)
{
	if (!count_up(f->number + (f->number[0] == '+')))
		return err_set(e, DM_EINVAL, "count", "what is left until all "
			       "digits are 9", "%u", f->n);
	fill_section(f);
	return DM_OK;
}

int config_fleet_open(struct config_fleet *f, cfg_t *sec, struct err *e)
{
	long n = cfg_getint(sec, "count");
	int rc;

	*f = (struct config_fleet){
		.sec = sec, .n = 1, .given = config_is_given(sec, "count"),
	};
	rc = msisdn_parse(cfg_title(sec), "number", f->number, e);
	if (rc || !f->given)
		return rc;
	if (n < 1 || n > CONFIG_COUNT_MAX)
		return err_set(e, DM_EINVAL, "count", "1 to 100000", "%ld", n);
	f->n = (unsigned)n;
	rc = take_texts(f, e);
	if (!rc)
		fill_section(f);
	return rc;
}

void config_fleet_close(struct config_fleet *f)
{
	for (size_t i = 0; i < CONFIG_DEVICE_FIELDS; i++)
		if (f->texts[i])
			free_text(f->texts[i]);
}
