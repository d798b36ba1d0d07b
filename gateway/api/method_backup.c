/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/methods.h"

#include <stdlib.h>
#include <unistd.h>

#include "gateway/log.h"
#include "gateway/request/request.h"
#include "gateway/store/store_backup.h"
#include "gateway/xalloc.h"

struct backup_op {
	struct store_backup backup;	/* its path lives in the call */
	struct api_call *call;
	struct methods *m;
};

static void done(struct store_op *base)
{
	struct backup_op *op = (struct backup_op *)base;
	const struct store_backup *b = &op->backup;

	op->m->backing_up = false;
	if (base->rc) {
		methods_refuse(op->call, "server.backup", &base->err);
	} else {
		log_info("server.backup client=%u file=%s octets=%lld",
			 api_call_client(op->call), b->path,
			 (long long)b->len);
		api_answer(op->call, json_pack("{s:s, s:I}", "file", b->path,
					       "octets", (json_int_t)b->len));
	}
	free(op);
}

/* A file of dmboxd's is made wherever the request says: not for everybody. */
static int check(const struct api_call *call, const struct methods *m,
		 const char *path, struct err *e)
{
	uint32_t uid = api_call_client(call);

	if (uid != 0 && uid != geteuid())
		return err_set(e, DM_EINVAL, "client",
			       "root, or the user of dmboxd", "uid %u", uid);
	if (path[0] != '/')
		return err_set(e, DM_EINVAL, "file", "an absolute path",
			       "\"%s\"", path);
	if (m->backing_up)
		return err_set(e, DM_EBUSY, "server.backup",
			       "one at a time: try again", "one is under way");
	return DM_OK;
}

void method_backup(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct backup_request rq;
	struct backup_op *op;
	struct err e;

	if (fields_parse(request_backup_fields, params, false, &rq, &e) ||
	    check(call, m, rq.file, &e)) {
		methods_refuse(call, "server.backup", &e);
		return;
	}
	op = xcalloc(1, sizeof(*op));
	op->backup.op.step = store_backup_step;
	op->backup.op.done = done;
	op->backup.path = rq.file;
	op->call = call;
	op->m = m;
	m->backing_up = true;
	store_push(m->store, &op->backup.op);
}
