# SPDX-License-Identifier: Apache-2.0
# Installs the libraries, the headers and the programs.
