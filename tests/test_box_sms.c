/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/box_sms.h"

#include <string.h>

#include "tests/tap.h"

#define LINK 0x0123456789abcdef
#define TAG 0xfedcba9876543210

static const uint8_t udh[] = { 6, 5, 4, 0x0b, 0x84, 0x23, 0xf0 };
static const uint8_t data[140] = { 1, 6, 3, 0xc4, 0xaf, 0x87 };

static struct box_sms_id id;
static struct box_msg m;
static struct err e;

static struct box_sms good(void)
{
	box_sms_id_make(&id, LINK, TAG);
	return (struct box_sms){
		.tag = TAG,
		.sender = "Operator",
		.receiver = "+491700000001",
		.udh = udh,
		.udh_len = sizeof(udh),
		.data = data,
		.data_len = sizeof(data) - sizeof(udh),
		.dcs = 0x04,
		.validity = 1800000000,
		.dlr_mask = 19,
		.dlr_key = (const uint8_t *)"17.1",
		.dlr_key_len = 4,
	};
}

static int to_msg(const struct box_sms *s)
{
	return box_sms_to_msg(s, "dmbox", &id, 1700000000, &m, &e);
}

static void refuses(const struct box_sms *s, const char *field)
{
	CU_ASSERT_EQUAL(to_msg(s), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, field);
	CU_ASSERT_EQUAL(e.code, DM_EINVAL);
}

static void fills_what_kannel_wants(void)
{
	struct box_sms s = good();

	CU_ASSERT_EQUAL_FATAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.type, BOX_MSG_sms);
	CU_ASSERT_EQUAL(m.sms.sender.len, 8);
	CU_ASSERT_EQUAL(m.sms.receiver.len, 13);
	CU_ASSERT_EQUAL(m.sms.udhdata.len, 7);
	CU_ASSERT_EQUAL(m.sms.msgdata.len, 133);
	CU_ASSERT_EQUAL(m.sms.time, 1700000000);
	CU_ASSERT_EQUAL(m.sms.validity, 1800000000);
	CU_ASSERT_EQUAL(m.sms.sms_type, BOX_SMS_MT_PUSH);
	CU_ASSERT_EQUAL(m.sms.dlr_mask, 19);
	CU_ASSERT_EQUAL(m.sms.dlr_url.len, 4);
	CU_ASSERT_EQUAL(m.sms.boxc_id.len, 5);
	CU_ASSERT_PTR_NULL(m.sms.smsc_id.mem);
	CU_ASSERT_EQUAL(m.sms.deferred, BOX_UNDEFINED);
	CU_ASSERT_STRING_EQUAL(m.sms.id,
			       "01234567-89ab-cdef-fedc-ba9876543210");
}

static void makes_the_three_data_codings(void)
{
	struct box_sms s = good();

	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.coding, BOX_CODING_8BIT);
	CU_ASSERT_EQUAL(m.sms.mclass, BOX_UNDEFINED);
	CU_ASSERT_EQUAL(m.sms.alt_dcs, 0);
	s.dcs = 0x15;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.coding, BOX_CODING_8BIT);
	CU_ASSERT_EQUAL(m.sms.mclass, 1);
	CU_ASSERT_EQUAL(m.sms.alt_dcs, 0);
	s.dcs = 0xf5;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.coding, BOX_CODING_8BIT);
	CU_ASSERT_EQUAL(m.sms.mclass, 1);
	CU_ASSERT_EQUAL(m.sms.alt_dcs, 1);
	s.dcs = 0;
	refuses(&s, "dcs");
}

static void without_a_mask_there_is_no_key(void)
{
	struct box_sms s = good();

	s.dlr_mask = 0;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.dlr_mask, 0);
	CU_ASSERT_PTR_NULL(m.sms.dlr_url.mem);
}

static void refuses_addresses_that_bearerbox_cannot_take(void)
{
	struct box_sms s = good();

	s.receiver = NULL;
	refuses(&s, "receiver");
	s.receiver = "";
	refuses(&s, "receiver");
	s.receiver = "+12345678901234567890";
	refuses(&s, "receiver");
	CU_ASSERT_PTR_NULL(strstr(e.came, "123"));
	s.receiver = "12 34";
	refuses(&s, "receiver");
	s.receiver = "+1234567890123456789";
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	s.sender = NULL;
	refuses(&s, "sender");
	s.sender = "";
	refuses(&s, "sender");
	s.sender = "a\n";
	refuses(&s, "sender");
	s.sender = "The Operator";
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
}

static void refuses_data_that_bearerbox_cannot_take(void)
{
	struct box_sms s = good();

	s.data_len++;
	refuses(&s, "msgdata");
	s.data_len = SIZE_MAX;
	refuses(&s, "msgdata");
	s.data_len = 0;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	s.data = NULL;
	refuses(&s, "msgdata");
	s.data = data;
	s.udh = data;
	s.udh_len = 141;
	refuses(&s, "msgdata");
	s.udh = NULL;
	s.udh_len = 0;
	s.data_len = 140;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_PTR_NULL(m.sms.udhdata.mem);
}

static void refuses_what_does_not_fit_its_field(void)
{
	uint8_t key[256] = { 0 };
	struct box_sms s = good();

	s.dlr_key = key;
	s.dlr_key_len = 255;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	s.dlr_key_len = 256;
	refuses(&s, "dlr_url");
	s = good();
	s.validity = INT32_MAX;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.validity, INT32_MAX);
	s.validity = -2;
	refuses(&s, "validity");
	s.validity = BOX_NO_VALIDITY;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.validity, BOX_UNDEFINED);
}

static void what_is_valid_beyond_2038_has_no_validity(void)
{
	struct box_sms s = good();

	s.validity = (int64_t)INT32_MAX + 1;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.validity, BOX_UNDEFINED);
	s.validity = INT64_MAX;
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	CU_ASSERT_EQUAL(m.sms.validity, BOX_UNDEFINED);
}

static void refuses_an_sms_that_cannot_be_followed(void)
{
	struct box_sms s = good();

	CU_ASSERT_EQUAL(box_sms_to_msg(&s, "", &id, 1, &m, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "boxc_id");
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	m.sms.id = NULL;
	CU_ASSERT_EQUAL(box_msg_check_sms(&m.sms, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "id");
	CU_ASSERT_EQUAL(to_msg(&s), DM_OK);
	m.sms.sms_type = BOX_SMS_MO;
	CU_ASSERT_EQUAL(box_msg_check_sms(&m.sms, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "sms_type");
}

static void reads_the_tag_of_its_own_ids_only(void)
{
	uint64_t tag = 0;

	box_sms_id_make(&id, LINK, TAG);
	CU_ASSERT_EQUAL(box_sms_id_read(id.text, LINK, &tag), DM_OK);
	CU_ASSERT_EQUAL(tag, TAG);
	tag = 5;
	CU_ASSERT_EQUAL(box_sms_id_read(id.text, LINK + 1, &tag), DM_ENOENT);
	CU_ASSERT_EQUAL(box_sms_id_read(NULL, LINK, &tag), DM_ENOENT);
	CU_ASSERT_EQUAL(tag, 5);
}

static CU_TestInfo tests[] = {
	{ "fills what Kannel wants", fills_what_kannel_wants },
	{ "makes the three data codings", makes_the_three_data_codings },
	{ "without a mask there is no key", without_a_mask_there_is_no_key },
	{ "refuses addresses that bearerbox cannot take",
	  refuses_addresses_that_bearerbox_cannot_take },
	{ "refuses data that bearerbox cannot take",
	  refuses_data_that_bearerbox_cannot_take },
	{ "refuses what does not fit its field",
	  refuses_what_does_not_fit_its_field },
	{ "what is valid beyond 2038 has no validity",
	  what_is_valid_beyond_2038_has_no_validity },
	{ "refuses an sms that cannot be followed",
	  refuses_an_sms_that_cannot_be_followed },
	{ "reads the tag of its own ids only",
	  reads_the_tag_of_its_own_ids_only },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("box_sms", tests);
}
