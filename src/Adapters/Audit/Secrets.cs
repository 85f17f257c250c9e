using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Adapters.Audit;

/// <summary>The one place that takes known shapes of secrets out of text before it is audited, logged or answered.</summary>
/// <remarks>
/// Whatever the text is, this takes time in proportion to its length: no pattern may begin in many places and run far from each of them. The option's name
/// before a keyword is therefore looked for only where a blank follows.
/// </remarks>
public static partial class Secrets
{
    /// <summary>What stands where a secret stood.</summary>
    public const string Mask = "***";

    /// <summary>
    /// Replaces passwords and tokens: in URLs (<c>user:pass@</c>), as <c>password=…</c>, <c>"token": "…"</c>, <c>--password …</c>, <c>Bearer …</c> and private
    /// keys in PEM.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Redact(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return text;
        }

        text = UserInfo().Replace(text, "${head}" + Mask + "@");
        text = Bearer().Replace(text, "${head}" + Mask);
        text = Quoted().Replace(text, "${head}" + Mask + "${tail}");
        text = Assigned().Replace(text, "${head}" + Mask);
        return PrivateKey().Replace(text, "${head}" + Mask + "${tail}");
    }

    /// <summary>Redacts both documents.</summary>
    public static DocumentChange Redact(DocumentChange change) => change with { Before = Redact(change.Before), After = Redact(change.After) };

    /// <summary>Redacts a plan's documents and commands.</summary>
    public static Plan WithoutSecrets(this Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan with
        {
            Changes = [.. plan.Changes.Select(Redact)],
            Commands = [.. plan.Commands.Select(c => Redact(c)!)],
            Documents = [.. plan.Documents.Select(Redact)]
        };
    }

    /// <summary>Redacts what a resource of a manifest changes.</summary>
    public static DocumentResult Redact(DocumentResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result with { Changes = [.. result.Changes.Select(Redact)] };
    }

    [GeneratedRegex(@"(?<head>[a-z0-9+.\-]://[^\s/:@""']*:)[^\s/@""']+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?<head>\b(?:bearer|basic)\s+)[a-z0-9._~+/\-]{8,}=*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"(?<head>""[^""]*(?:password|passwd|secret|token|apikey|api_key)""\s*:\s*"")(?:[^""\\]|\\.)+(?<tail>"")",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        @"(?<head>(?:password|passwd|secret|token|apikey|api_key)(?:=|\s*:\s+|(?=\s)(?<=--[a-z\-_]*)\s+)(?!\*\*\*))(?:""[^""]*""|'[^']*'|[^\s""',;&]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assigned();

    [GeneratedRegex(@"(?<head>-----BEGIN [A-Z ]*PRIVATE KEY-----).*?(?<tail>-----END [A-Z ]*PRIVATE KEY-----|$)",
        RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKey();
}
