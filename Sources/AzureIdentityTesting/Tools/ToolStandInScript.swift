// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// The program of a stand-in: notes its arguments, checks them, and answers by the lines of a file, which may change from run to run.
struct ToolStandInScript {
    private let tool: ToolStandIn.Tool
    private let dataFolder: String

    init(_ tool: ToolStandIn.Tool, dataFolder: String) {
        self.tool = tool
        self.dataFolder = dataFolder
    }

    /// The script.
    var text: String {
        let quoted = "'" + self.dataFolder.replacing("'", with: #"'\''"#) + "'"
        let check =
            switch self.tool {
            case .azureCLI: Self.azureCLI
            case .azureDeveloperCLI: Self.azureDeveloperCLI
            case .azurePowerShell: Self.azurePowerShell
            }
        return ["#!/bin/sh", "STAND_IN=\(quoted)", Self.beginning, check, Self.end].joined(separator: "\n")
    }

    /// Takes the next free number and leaves the arguments under it, each with a NUL behind it. A file of the shell's own making is either
    /// there or not, so no two runs get the same number, however many begin at once. A number under `runs` is complete.
    private static let beginning = #"""
        PATH=/usr/local/bin:/usr/bin:/bin
        LC_ALL=C
        set -C
        number=1
        while ! { true >"$STAND_IN/claims/$number"; } 2>/dev/null; do number=$((number + 1)); done
        set +C
        { for argument; do printf '%s\0' "$argument"; done; } >"$STAND_IN/runs/$number.part"
        mv "$STAND_IN/runs/$number.part" "$STAND_IN/runs/$number"

        refuse() { printf '%s\n' "$2" >&2; exit "$1"; }
        # check NAME VALUE CHARACTERS: refuses a value with other characters.
        check() { case $2 in *[!$3]*) refuse 2 "ERROR: the stand-in has never seen such a $1" ;; esac; }
        # once NAME VALUE: refuses an option that was given before.
        once() { if [ -n "$2" ]; then refuse 2 "ERROR: the stand-in takes $1 once"; fi; }
        resource= scopes= tenant= subscription= output= claims= asks=token
        """#

    private static let azureCLI = #"""
        [ -n "$AZURE_CORE_NO_COLOR" ] || refuse 2 'ERROR: the stand-in wants AZURE_CORE_NO_COLOR to be set, else az may print colours'
        case "$1 $2" in
        'account show') asks=status resource=none ;;
        'account get-access-token') ;;
        *) refuse 2 'ERROR: the stand-in knows no such command' ;;
        esac
        shift 2
        while [ $# -gt 0 ]; do
            case $1 in
            --output | --resource | --tenant | --subscription)
                case ${2:--} in -*) refuse 2 "ERROR: argument $1: expected one argument" ;; esac ;;
            *) refuse 2 "ERROR: unrecognized arguments: $1" ;;
            esac
            case $1 in
            --output) once "$1" "$output"; output=$2 ;;
            --resource) once "$1" "$resource"; resource=$2 ;;
            --tenant) once "$1" "$tenant"; tenant=$2 ;;
            --subscription) once "$1" "$subscription"; subscription=$2 ;;
            esac
            shift 2
        done
        [ "$output" = json ] || refuse 2 'ERROR: the stand-in has no output but json'
        [ -n "$resource" ] || refuse 2 'ERROR: the stand-in wants --resource'
        if [ -n "$tenant" ] && [ -n "$subscription" ]; then
            refuse 1 'ERROR: Please specify only one of subscription and tenant, not both'
        fi
        check resource "$resource" 'A-Za-z0-9_.:/-'
        check tenant "$tenant" 'A-Za-z0-9.-'
        check subscription "$subscription" 'A-Za-z0-9_. -'
        """#

    private static let azureDeveloperCLI = #"""
        [ -n "$NO_COLOR" ] || refuse 2 'ERROR: the stand-in wants NO_COLOR to be set, else azd may print colours'
        case "$1 $2" in
        'auth status') asks=status scopes=none ;;
        'auth token') ;;
        *) refuse 2 'ERROR: the stand-in knows no such command' ;;
        esac
        shift 2
        prompts=yes
        while [ $# -gt 0 ]; do
            case $1 in
            --no-prompt)
                prompts=no
                shift
                continue ;;
            --output | --scope | --tenant-id | --claims)
                case ${2:--} in -*) refuse 2 "ERROR: flag needs an argument: $1" ;; esac ;;
            *) refuse 2 "ERROR: unknown flag: $1" ;;
            esac
            case $1 in
            --output) once "$1" "$output"; output=$2 ;;
            --scope)
                check scope "$2" 'A-Za-z0-9_.:/-'
                scopes=$scopes$2'
        ' ;;
            --tenant-id) once "$1" "$tenant"; tenant=$2 ;;
            --claims) once "$1" "$claims"; claims=$2 ;;
            esac
            shift 2
        done
        [ "$output" = json ] || refuse 2 'ERROR: the stand-in has no output but json'
        [ -n "$scopes" ] || refuse 2 'ERROR: the stand-in wants --scope'
        [ $prompts = no ] || refuse 2 'ERROR: the stand-in wants --no-prompt, else azd may wait for an answer'
        check tenant "$tenant" 'A-Za-z0-9.-'
        if [ -n "$claims" ]; then
            check claims "$claims" 'A-Za-z0-9+/='
            claims=$(printf %s "$claims" | base64 -d 2>/dev/null) || refuse 2 'ERROR: decoding claims: illegal base64 data'
        fi
        """#

    private static let azurePowerShell = #"""
        profile=yes interactive=yes encoded=
        while [ $# -gt 0 ]; do
            case $1 in
            -NoProfile) profile=no ;;
            -NonInteractive) interactive=no ;;
            -OutputFormat)
                [ "$2" = Text ] || refuse 2 'The stand-in has no -OutputFormat but Text.'
                shift ;;
            -EncodedCommand)
                [ -n "$2" ] || refuse 2 'Cannot process the command because of a missing parameter.'
                once "$1" "$encoded"
                encoded=$2
                shift ;;
            *) refuse 64 "The argument '$1' is not recognized as the name of a script file." ;;
            esac
            shift
        done
        [ $profile = no ] && [ $interactive = no ] || refuse 2 'The stand-in wants -NoProfile and -NonInteractive.'
        [ -n "$encoded" ] || refuse 2 'The stand-in wants -EncodedCommand.'
        # ASCII in UTF-16 is ASCII with a NUL behind each character.
        if ! printf %s "$encoded" | base64 -d >"$STAND_IN/runs/$number.script" 2>/dev/null; then
            refuse 2 'Cannot process the command because the value specified with -EncodedCommand is not properly encoded.'
        fi
        second=$(od -An -tx1 -j1 -N1 "$STAND_IN/runs/$number.script" | tr -d ' \n')
        size=$(($(wc -c <"$STAND_IN/runs/$number.script")))
        script=$(tr -d '\000' <"$STAND_IN/runs/$number.script" && printf .)
        script=${script%.}
        rm -f "$STAND_IN/runs/$number.script"
        [ "$second" = 00 ] && [ $((${#script} * 2)) -eq "$size" ] || refuse 2 'The stand-in wants a script in ASCII, as UTF-16 in little endian.'
        # literal NAME: the text between single quotes behind a name, which may be quoted itself, and in brackets.
        literal() { printf '%s\n' "$script" | sed -n "s/.*$1'\{0,1\}]\{0,1\}[ =][ =]*'\([^']*\)'.*/\1/p" | head -n 1; }
        parts='Az.Accounts NO_AZ_ACCOUNT_MODULE Get-AzAccessToken ToUnixTimeSeconds azsdk%'
        case $script in *azctx%*) asks=status parts='Az.Accounts NO_AZ_ACCOUNT_MODULE Get-AzContext' ;; esac
        for part in $parts; do
            case $script in *"$part"*) ;; *) refuse 2 "The stand-in wants $part in the script." ;; esac
        done
        resource=$(literal ResourceUrl)
        [ $asks = token ] || resource=none
        tenant=$(literal '[Tt]enantId')
        [ -n "$resource" ] || refuse 2 'The stand-in wants a ResourceUrl in the script.'
        check resource "$resource" 'A-Za-z0-9_.:/-'
        check tenant "$tenant" 'A-Za-z0-9.-'
        print_missing_module() { printf '%s\n' NO_AZ_ACCOUNT_MODULE; exit 0; }
        """#

    private static let end = #"""
        . "$STAND_IN/answer"
        """# + "\n"
}
