using CalicoConsole.Core.Operations.Containers;

namespace CalicoConsole.Web.Kit;

/// <summary>Something that can be done to an object, as its page and the rows of its lists offer it: the form or page that does it.</summary>
/// <param name="Text">What it is: a verb with its object.</param>
/// <param name="Href">Where it is done.</param>
/// <param name="Place">Where the object's page offers it; a row has one menu.</param>
public sealed record ObjectAction(string Text, string Href, ActionPlace Place = ActionPlace.Menu);
