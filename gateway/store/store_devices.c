/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store_devices.h"

#include <stdio.h>
#include <string.h>

#include "gateway/store/store_db.h"

/* -------------------------------- rows -------------------------------- */

/* NULL: a column without a value. */
static void copy_text(sqlite3_stmt *s, int column, char *out, size_t cap)
{
	const unsigned char *text = sqlite3_column_text(s, column);

	snprintf(out, cap, "%s", text ? (const char *)text : "");
}

/* Columns as in DEVICE_COLUMNS. */
static void read_device(sqlite3_stmt *s, struct device *d)
{
	*d = (struct device){
		.has_nonce = sqlite3_column_type(s, 7) != SQLITE_NULL,
		.dm_version = sqlite3_column_int(s, 8),
		.generation = sqlite3_column_int64(s, 10),
		.resync_ms = sqlite3_column_int64(s, 11),
		.changed_ms = sqlite3_column_int64(s, 12),
	};
	copy_text(s, 0, d->name, sizeof(d->name));
	copy_text(s, 1, d->msisdn, sizeof(d->msisdn));
	copy_text(s, 2, d->imsi, sizeof(d->imsi));
	copy_text(s, 3, d->dev_id, sizeof(d->dev_id));
	copy_text(s, 4, d->server_id, sizeof(d->server_id));
	copy_text(s, 5, d->auth_name, sizeof(d->auth_name));
	copy_text(s, 6, d->credential, sizeof(d->credential));
	copy_text(s, 7, d->nonce, sizeof(d->nonce));
	copy_text(s, 9, d->quirks, sizeof(d->quirks));
	copy_text(s, 13, d->route, sizeof(d->route));
}

/* DM_ENOENT, without *e, if the statement gives no row. */
static int select_one(struct store_sql *sql, enum statement which,
		      const char *text, struct device *out, struct err *e)
{
	sqlite3_stmt *s = sql->statements[which];
	int rc;

	db_bind_text(s, 1, text);
	rc = db_step(sql, s, e);
	if (rc == SQLITE_DONE)
		return DM_ENOENT;
	if (rc != SQLITE_ROW)
		return rc;
	read_device(s, out);
	rc = DM_OK;
	if (which == DEVICES_BY_MSISDN && sqlite3_step(s) == SQLITE_ROW)
		rc = err_set(e, DM_ESTATE, "to",
			     "a name, see device.list for its names",
			     "several devices have this number");
	sqlite3_reset(s);
	return rc;
}

int sql_device_find(struct store_sql *sql, const struct device_key *key,
		    struct device *out, struct err *e)
{
	const char *field = key->device ? "device" : key->dev_id ? "dev-id"
								 : "to";
	const char *text = key->device ? key->device : key->dev_id ?
			   key->dev_id : key->to;
	bool is_msisdn = key->to && msisdn_looks_like(key->to);
	int rc = is_msisdn ?
		 select_one(sql, DEVICES_BY_MSISDN, msisdn_digits(text), out,
			    e) :
		 select_one(sql, key->dev_id ? DEVICE_BY_DEV_ID
					     : DEVICE_BY_NAME, text, out, e);

	if (rc != DM_ENOENT)
		return rc;
	return err_set(e, rc, field, "a registered device: see device.list",
		       "there is no device \"%s\"", text);
}

/*
 * A device that is deleted and made again must not have a generation again, so
 * the first one is the time.
 */
static int64_t next_generation(const struct device *d, int64_t now_ms)
{
	return d->generation ? d->generation + 1 : now_ms;
}

int sql_device_put(struct store_sql *sql, struct device *d, int64_t now_ms,
		   struct err *e)
{
	sqlite3_stmt *s = sql->statements[DEVICE_PUT];

	d->generation = next_generation(d, now_ms);
	d->changed_ms = now_ms;
	db_bind_text(s, 1, d->name);
	db_bind_text(s, 2, d->msisdn);
	db_bind_text(s, 3, d->imsi);
	db_bind_text(s, 4, d->dev_id[0] ? d->dev_id : NULL);
	db_bind_text(s, 5, d->server_id);
	db_bind_text(s, 6, d->auth_name);
	db_bind_text(s, 7, d->credential);
	db_bind_text(s, 8, d->has_nonce ? d->nonce : NULL);
	sqlite3_bind_int(s, 9, d->dm_version);
	db_bind_text(s, 10, d->quirks);
	sqlite3_bind_int64(s, 11, d->generation);
	sqlite3_bind_int64(s, 12, d->resync_ms);
	sqlite3_bind_int64(s, 13, d->changed_ms);
	db_bind_text(s, 14, d->route);
	return db_run(sql, s, e);
}

/* ------------------------------ operations ------------------------------ */

static int check_dev_id(struct store_sql *sql, const struct device *d,
			struct err *e)
{
	struct device other;
	int rc;

	if (!d->dev_id[0])
		return DM_OK;
	rc = select_one(sql, DEVICE_BY_DEV_ID, d->dev_id, &other, e);
	if (!rc && strcmp(other.name, d->name))
		rc = err_set(e, DM_EINVAL, "dev-id", "another one",
			     "it is that of the device %s", other.name);
	hash_wipe(&other, sizeof(other));
	return rc == DM_ENOENT ? DM_OK : rc;
}

int store_device_put_run(struct store_sql *sql, struct store_op *base,
			 struct err *e)
{
	struct store_device_put *op = (struct store_device_put *)base;
	struct device *d = &op->device;
	int rc = select_one(sql, DEVICE_BY_NAME, op->request->device, d, e);

	op->created = rc == DM_ENOENT;
	if (op->created) {
		*d = (struct device){ .generation = 0 };
		rc = DM_OK;
	}
	if (!rc)
		rc = device_change(d, op->request, e);
	if (!rc)
		rc = check_dev_id(sql, d, e);
	return rc ? rc : sql_device_put(sql, d, op->now_ms, e);
}

int store_device_get_run(struct store_sql *sql, struct store_op *base,
			 struct err *e)
{
	struct store_device *op = (struct store_device *)base;

	return sql_device_find(sql, &op->key, &op->device, e);
}

/* Its octets go from the database, and with the next cleaning from the WAL. */
int store_device_delete_run(struct store_sql *sql, struct store_op *base,
			    struct err *e)
{
	struct store_device *op = (struct store_device *)base;
	sqlite3_stmt *s = sql->statements[DEVICE_DELETE];
	int rc = sql_device_find(sql, &op->key, &op->device, e);

	if (rc)
		return rc;
	sql->unclean = true;
	db_bind_text(s, 1, op->device.name);
	return db_run(sql, s, e);
}

int store_nonce_put_run(struct store_sql *sql, struct store_op *base,
			struct err *e)
{
	struct store_device *op = (struct store_device *)base;
	int rc = sql_device_find(sql, &op->key, &op->device, e);

	if (!rc)
		rc = device_set_nonce(&op->device, op->nonce, e);
	return rc ? rc : sql_device_put(sql, &op->device, op->now_ms, e);
}

int store_device_list_run(struct store_sql *sql, struct store_op *base,
			  struct err *e)
{
	struct store_device_list *op = (struct store_device_list *)base;
	sqlite3_stmt *s = sql->statements[op->msisdn ? DEVICES_LIST_TO
						     : DEVICES_LIST];
	int rc;

	op->n = 0;
	db_bind_text(s, 1, op->after);
	sqlite3_bind_int64(s, 2, (int64_t)op->limit);
	if (op->msisdn)
		db_bind_text(s, 3, msisdn_digits(op->msisdn));
	while ((rc = db_step(sql, s, e)) == SQLITE_ROW)
		read_device(s, &op->devices[op->n++]);
	return rc == SQLITE_DONE ? DM_OK : DM_EIO;
}
