using System.Globalization;
using CalicoConsole.Core.Reachability.Changes;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Routing;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Rules;

/// <summary>A change that was suggested for a denied flow, worked out again from the question that stands in an editor's address.</summary>
/// <param name="Change">The change, against what is stored now.</param>
/// <param name="Question">What was asked.</param>
public sealed record SuggestedEdit(SuggestedChange Change, ReachabilityQuestion Question)
{
    /// <summary>The suggestion that the address asks for; null when it asks for none, or nothing is denied any more.</summary>
    internal static SuggestedEdit? From(NavigationManager navigation, ReachabilityModels models)
    {
        var query = System.Web.HttpUtility.ParseQueryString(navigation.ToAbsoluteUri(navigation.Uri).Query);
        if (!int.TryParse(query["suggestion"], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var question = new ReachabilityQuestion(query["from"] ?? "", query["to"] ?? "", query["protocol"] ?? "", query["port"] ?? "", query["ipVersion"] ?? "",
            query["sourcePort"] ?? "")
        {
            FromInterface = query["fromInterface"] ?? "",
            ToInterface = query["toInterface"] ?? "",
            Via = query["via"] ?? "",
            ViaIn = query["viaIn"] ?? "",
            ViaOut = query["viaOut"] ?? "",
            Dialled = query["dialled"] ?? "",
        };
        var (snapshot, model) = models.Current;
        var changes = question.Read(snapshot).Flow is { } flow ? SuggestedChanges.For(model, flow) : [];
        return number < changes.Length ? new SuggestedEdit(changes[number], question) : null;
    }
}
