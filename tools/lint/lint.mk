# SPDX-License-Identifier: Apache-2.0
# Static checks, one small script each.
