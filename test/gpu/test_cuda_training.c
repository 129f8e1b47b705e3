/* SPDX-License-Identifier: Apache-2.0
 * Whole steps on the CUDA port: every method ends where it ends on the reference port but for
 * rounding, and repeats its bits. With GPU=1 on a device, else on one played by the host
 * (test/fake_cuda). */
#include "cuda_trainer.h"
#include "curvature/kron_terms.h"

enum { PARAMETERS_MAX = 66 * 41 + 21 * 67 };

void setUp(void) {
  trainer_device_take();
}

void tearDown(void) {
  trainer_device_give();
}

/* Products are summed in another order, so three steps agree to rounding, not bit for bit; what a
 * rounding grows to in three damped steps is far below the square root of eps. ekfac-ra carries its
 * scalings from one basis to the next, and a basis is arbitrary where fewer rows than the order of a
 * factor leave it singular: there the two agree as two right answers do. */
static double tolerance_of(kfix_method method, kind like) {
  return method == KFIX_METHOD_ekfac_ra && like.is_wide ? 1e-2 : sqrt(KFIX_REAL_EPS);
}

static void check_training(kfix_method method, kind like) {
  static double expected[PARAMETERS_MAX], actual[PARAMETERS_MAX];
  ref_case here, there;
  trainer_case(&here, like);
  CHECK_INT(KFIX_OK, case_create(&here, method, &kfix_port_ref, NULL));
  trainer_begin(&there, method, like);
  steps(&here, 3);
  steps(&there, 3);
  CHECK_INT(KFIX_OK, case_view(&here, "W_after", expected));
  CHECK_INT(KFIX_OK, case_view(&there, "W_after", actual));
  CHECK_NEAR(tolerance_of(method, like), 0,
             relative_distance(actual, expected, here.ref.parameters));
  case_end(&here);
  case_end(&there);
}

/* The others see what these make of a loss. */
static int takes_every_loss(int m) {
  return m == KFIX_METHOD_sgd || m == KFIX_METHOD_kfac || m == KFIX_METHOD_exact ||
         m == KFIX_METHOD_hf;
}

void test_every_method_trains(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    for (int loss = 0; loss < KFIX_LOSS_COUNT; loss++)
      for (kfix_choice driver = 0; driver < 2; driver++)
        if (takes_every_loss(m) || loss == KFIX_BERNOULLI)
          check_training((kfix_method)m, (kind){(kfix_loss)loss, driver, KFIX_KRON_FACTORS, 0});
}

void test_every_method_trains_a_wider_net(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    check_training((kfix_method)m, (kind){KFIX_CATEGORICAL, KFIX_ADAPTIVE, KFIX_KRON_FACTORS, 1});
}

void test_every_direction_trains(void) {
  for (int m = next_method(KFIX_METHOD_COUNT - 1); m >= 0; m = next_method(m))
    check_training((kfix_method)m, (kind){KFIX_CATEGORICAL, KFIX_ADAPTIVE, KFIX_KRON_FACTORS, 0});
}

/* Terms of the past as atoms. */
void test_running_operators_train(void) {
  static const kfix_method methods[] = {KFIX_METHOD_kpsvd, KFIX_METHOD_deflation,
                                        KFIX_METHOD_lanczos, KFIX_METHOD_kfac_corrected};
  for (size_t m = 0; m < 4; m++)
    check_training(methods[m], (kind){KFIX_CATEGORICAL, KFIX_ADAPTIVE, KFIX_KRON_OPERATOR, 0});
}

static uint64_t life(kfix_method method) {
  ref_case c;
  trainer_begin(&c, method, (kind){KFIX_BERNOULLI, KFIX_ADAPTIVE, KFIX_KRON_FACTORS, 1});
  steps(&c, 4);
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

void test_every_method_repeats_its_bits(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) CHECK_U64(life((kfix_method)m), life((kfix_method)m));
}
