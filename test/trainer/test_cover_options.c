/* SPDX-License-Identifier: Apache-2.0
 * The words of options that are a choice, and a net or an argument that is not there. */
#include <math.h>

#include "check.h"
#include "core/plan.h"
#include "kfix.h"
#include "port/ref/ref.h"

void test_choices_have_as_many_words_as_values(void) {
  for (int id = 0; id < KFIX_OPTION_COUNT; id++) {
    const kfix_option_info *info = &kfix_option_infos[id];
    const uint32_t words = info->type == KFIX_TYPE_kfix_choice ? (uint32_t)info->max + 1 : 0;
    for (uint32_t i = 0; i < words; i++) {
      const char *word = kfix_choice_name((kfix_option_id)id, i);
      CHECK(word && word[0]);
    }
    CHECK(kfix_choice_name((kfix_option_id)id, words) == NULL);
  }
  CHECK(kfix_choice_name(KFIX_OPTION_COUNT, 0) == NULL);
  CHECK_STR("adaptive", kfix_choice_name(KFIX_OPTION_driver, 0));
  CHECK_STR("fixed", kfix_choice_name(KFIX_OPTION_driver, 1));
  CHECK_STR("true", kfix_choice_name(KFIX_OPTION_fisher, 0));
  CHECK_STR("he", kfix_choice_name(KFIX_OPTION_init, 2));
}

void test_missing_arguments_and_unknown_enums_are_refused(void) {
  static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_ALIGN];
  const kfix_node_spec node = KFIX_DENSE_NODE("top", 0, 3, 2, KFIX_LINEAR);
  kfix_net net = {"options", &node, 1, 1,         3, KFIX_MSE, KFIX_TARGET_VALUES, 32, 32, 1, 0,
                  0,         NULL,  0, {0, 0, 0}, 0, 0};
  kfix *k = NULL;
  CHECK_INT(KFIX_ARGUMENT, kfix_create(&k,
                                       &(kfix_setup){&net, KFIX_METHOD_COUNT, NULL, &kfix_port_ref,
                                                     NULL, NULL, arena, sizeof arena},
                                       NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_create(&k,
                                       &(kfix_setup){NULL, KFIX_METHOD_kfac, NULL, &kfix_port_ref,
                                                     NULL, NULL, arena, sizeof arena},
                                       NULL));
  net.threads = 0;
  CHECK_INT(KFIX_BAD_NET, kfix_create(&k,
                                      &(kfix_setup){&net, KFIX_METHOD_kfac, NULL, &kfix_port_ref,
                                                    NULL, NULL, arena, sizeof arena},
                                      NULL));
  net.threads = KFIX_THREADS_MAX + 1;
  CHECK_INT(0, kfix_bytes(&net, KFIX_METHOD_kfac, &kfix_port_ref));
  net.threads = 1;
  net.target = KFIX_TARGET_COUNT;
  CHECK_INT(0, kfix_bytes(&net, KFIX_METHOD_kfac, &kfix_port_ref));
  CHECK(k == NULL);
}

/* A config's setting that is out of its range stays so, whatever its type, and a trainer is refused. */
void test_settings_out_of_range_are_not_forgotten(void) {
  static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 16];
  static const kfix_setting bad[] = {
      {KFIX_OPTION_lambda, -5},         {KFIX_OPTION_averaging, 2},     {KFIX_OPTION_driver, 7},
      {KFIX_OPTION_inverse_every, 2.5}, {KFIX_OPTION_lambda_every, -1}, {KFIX_OPTION_damping, NAN}};
  const kfix_node_spec node = KFIX_DENSE_NODE("top", 0, 3, 2, KFIX_LINEAR);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    const kfix_net net = {"options", &node, 1, 1, 3, KFIX_MSE, KFIX_TARGET_VALUES,
                          32,        32,    1, 0, 1, &bad[i],  0,
                          {0, 0, 0}, 0,     0};
    const kfix_options options = kfix_options_default(&net);
    kfix_option_id id = KFIX_OPTION_COUNT;
    kfix *k = NULL;
    CHECK_INT(KFIX_OPTION, kfix_options_check(&options, &id));
    CHECK_INT(bad[i].option, id);
    CHECK_INT(KFIX_OPTION, kfix_create(&k,
                                       &(kfix_setup){&net, KFIX_METHOD_kfac, NULL, &kfix_port_ref,
                                                     NULL, NULL, arena, sizeof arena},
                                       NULL));
    CHECK(k == NULL);
  }
}

/* KFIX_AUTO is outside the range of every option, and a value of those alone that the list marks. */
void test_auto_is_for_options_that_take_it(void) {
  kfix_options options = kfix_options_default(NULL);
  for (int id = 0; id < KFIX_OPTION_COUNT; id++) {
    const kfix_option_info *info = &kfix_option_infos[id];
    const double before = kfix_option_get(&options, (kfix_option_id)id);
    const int takes_auto = info->type == KFIX_TYPE_kfix_auto;
    CHECK(info->min >= 0);
    CHECK_INT(takes_auto ? KFIX_OK : KFIX_OPTION,
              kfix_option_set(&options, (kfix_option_id)id, KFIX_AUTO));
    CHECK(kfix_option_get(&options, (kfix_option_id)id) == (takes_auto ? KFIX_AUTO : before));
  }
  CHECK_INT(KFIX_OK, kfix_options_check(&options, NULL));
  CHECK(options.learning_rate == KFIX_AUTO);
}

/* gamma is tried by the adaptive driver alone. */
void test_trials_of_gamma_bind_the_adaptive_driver_only(void) {
  kfix_options options = kfix_options_default(NULL);
  kfix_option_id id;
  options.inverse_every = 50;
  CHECK_INT(KFIX_OPTION, kfix_options_check(&options, &id));
  CHECK_INT(KFIX_OPTION_gamma_every, id);
  options.driver = KFIX_FIXED;
  CHECK_INT(KFIX_OK, kfix_options_check(&options, &id));
}
