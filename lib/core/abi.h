/* SPDX-License-Identifier: Apache-2.0
 * One program, one library: what both must have been compiled for alike.
 *
 * What the preprocessor knows is part of the names that a program links: with a library for another
 * real type, with or without guard words, or of another version, `undefined reference to
 * kfix_step_for_double_0_1_0` says which one the program asks for. The rest, kfix_create compares. */
#ifndef KFIX_CORE_ABI_H
#define KFIX_CORE_ABI_H

/* KFIX_VERSION of kfix.h. */
#define KFIX_ABI_VERSION 0_1_0

#if defined KFIX_REAL_DOUBLE && defined KFIX_DEBUG
#define KFIX_ABI_BUILD double_debug
#elif defined KFIX_REAL_DOUBLE
#define KFIX_ABI_BUILD double
#elif defined KFIX_DEBUG
#define KFIX_ABI_BUILD float_debug
#else
#define KFIX_ABI_BUILD float
#endif

#define KFIX_LINKED(name)                  KFIX_LINKED_1(name, KFIX_ABI_BUILD, KFIX_ABI_VERSION)
#define KFIX_LINKED_1(name, build, number) KFIX_LINKED_2(name, build, number)
#define KFIX_LINKED_2(name, build, number) name##_for_##build##_##number

/* Each public function that takes or answers a kfix_real, a trainer or a struct, and the tables.
 * test/project/cli_caller.sh looks that none is missing. */
#define kfix_block_absorb        KFIX_LINKED(kfix_block_absorb)
#define kfix_block_apply         KFIX_LINKED(kfix_block_apply)
#define kfix_bound_gamma         KFIX_LINKED(kfix_bound_gamma)
#define kfix_bound_lambda        KFIX_LINKED(kfix_bound_lambda)
#define kfix_bytes               KFIX_LINKED(kfix_bytes)
#define kfix_create_from         KFIX_LINKED(kfix_create_from)
#define kfix_damping_in_bounds   KFIX_LINKED(kfix_damping_in_bounds)
#define kfix_digest              KFIX_LINKED(kfix_digest)
#define kfix_digest_part         KFIX_LINKED(kfix_digest_part)
#define kfix_distance_from_exact KFIX_LINKED(kfix_distance_from_exact)
#define kfix_evaluate            KFIX_LINKED(kfix_evaluate)
#define kfix_examples            KFIX_LINKED(kfix_examples)
#define kfix_fetch_table         KFIX_LINKED(kfix_fetch_table)
#define kfix_fill_normal         KFIX_LINKED(kfix_fill_normal)
#define kfix_fill_uniform        KFIX_LINKED(kfix_fill_uniform)
#define kfix_first_gamma         KFIX_LINKED(kfix_first_gamma)
#define kfix_first_lambda        KFIX_LINKED(kfix_first_lambda)
#define kfix_gamma_ceiling       KFIX_LINKED(kfix_gamma_ceiling)
#define kfix_get_moments         KFIX_LINKED(kfix_get_moments)
#define kfix_get_weights         KFIX_LINKED(kfix_get_weights)
#define kfix_host_bytes          KFIX_LINKED(kfix_host_bytes)
#define kfix_image_bytes         KFIX_LINKED(kfix_image_bytes)
#define kfix_lambda_ceiling      KFIX_LINKED(kfix_lambda_ceiling)
#define kfix_last_report         KFIX_LINKED(kfix_last_report)
#define kfix_learning_rate       KFIX_LINKED(kfix_learning_rate)
#define kfix_load                KFIX_LINKED(kfix_load)
#define kfix_method_of           KFIX_LINKED(kfix_method_of)
#define kfix_methods             KFIX_LINKED(kfix_methods)
#define kfix_net_suits           KFIX_LINKED(kfix_net_suits)
#define kfix_number              KFIX_LINKED(kfix_number)
#define kfix_number_name         KFIX_LINKED(kfix_number_name)
#define kfix_observe             KFIX_LINKED(kfix_observe)
#define kfix_omega1              KFIX_LINKED(kfix_omega1)
#define kfix_omega2              KFIX_LINKED(kfix_omega2)
#define kfix_option_get          KFIX_LINKED(kfix_option_get)
#define kfix_option_set          KFIX_LINKED(kfix_option_set)
#define kfix_options_check       KFIX_LINKED(kfix_options_check)
#define kfix_options_default     KFIX_LINKED(kfix_options_default)
#define kfix_options_settled     KFIX_LINKED(kfix_options_settled)
#define kfix_options_suit        KFIX_LINKED(kfix_options_suit)
#define kfix_port_blis           KFIX_LINKED(kfix_port_blis)
#define kfix_port_cuda           KFIX_LINKED(kfix_port_cuda)
#define kfix_port_ref            KFIX_LINKED(kfix_port_ref)
#define kfix_port_simd           KFIX_LINKED(kfix_port_simd)
#define kfix_power               KFIX_LINKED(kfix_power)
#define kfix_predict             KFIX_LINKED(kfix_predict)
#define kfix_save                KFIX_LINKED(kfix_save)
#define kfix_set_moments         KFIX_LINKED(kfix_set_moments)
#define kfix_set_weights         KFIX_LINKED(kfix_set_weights)
#define kfix_step                KFIX_LINKED(kfix_step)
#define kfix_view                KFIX_LINKED(kfix_view)
#define kfix_view_name           KFIX_LINKED(kfix_view_name)

/* Predictors, and the table for programs that do nothing else. */
#define kfix_port_ref_forward    KFIX_LINKED(kfix_port_ref_forward)
#define kfix_predictor_bytes     KFIX_LINKED(kfix_predictor_bytes)
#define kfix_predictor_create_as KFIX_LINKED(kfix_predictor_create_as)
#define kfix_predictor_run       KFIX_LINKED(kfix_predictor_run)

/* The crew, which is compiled apart, and the products, which two ports share. */
#define kfix_posix_crew_start KFIX_LINKED(kfix_posix_crew_start)
#define kfix_posix_crew_stop  KFIX_LINKED(kfix_posix_crew_stop)
#define kfix_products_check   KFIX_LINKED(kfix_products_check)
#define kfix_products_gemm    KFIX_LINKED(kfix_products_gemm)
#define kfix_products_syrk    KFIX_LINKED(kfix_products_syrk)

#endif
