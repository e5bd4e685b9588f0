// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

@_exported public import AzureCredentials
@_exported public import AzureHTTP
