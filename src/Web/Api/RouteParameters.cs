using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Core.Operations.Resources;
using Microsoft.OpenApi;

namespace CalicoConsole.Web.Api;

/// <summary>A parameter that a route reads from the query by itself, for the description.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says.</param>
/// <param name="IsFlag">Whether it is true or false and not a text.</param>
/// <param name="Required">Whether it must be given.</param>
internal sealed record QueryParameter(string Name, string Description, bool IsFlag = false, bool Required = false)
{
    /// <summary>Whether it is a whole number.</summary>
    public bool IsNumber { get; init; }
}

/// <summary>A header that a route reads or gives, for the description.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says.</param>
/// <param name="IsAnswer">Whether the answer has it, and not the request.</param>
internal sealed record HeaderParameter(string Name, string Description, bool IsAnswer = false);

/// <summary>What routes take beside the path and the body. A route declares what it reads, and the description says what was declared.</summary>
internal static class RouteParameters
{
    /// <summary>Plans only.</summary>
    public static readonly QueryParameter DryRun = new("dryRun", "Only plans: answers what would happen and changes nothing", IsFlag: true);

    /// <summary>Agrees to broken assertions.</summary>
    public static readonly QueryParameter EvenIfBreaksAssertions = new(
        AssertionGuard.Field, "Agrees that reachability assertions which hold now are broken by it; without it such a change is refused with 422",
            IsFlag: true);

    /// <summary>Agrees to rules that Felix cannot program.</summary>
    public static readonly QueryParameter EvenIfUnprogrammable = new(
        RuleGuard.Field, "Agrees that rules are saved which Felix cannot program; without it such a profile or policy is refused with 422", IsFlag: true);

    /// <summary>Agrees to lose what is in use.</summary>
    public static readonly QueryParameter EvenIfInUse = new("evenIfInUse", "Deletes it although it is in use; without it such a deletion is refused with 422",
        IsFlag: true);

    /// <summary>Agrees that OpenStack takes the change back.</summary>
    public static readonly QueryParameter EvenIfRewritten = new("evenIfRewritten",
        "Changes profiles of OpenStack security groups although the driver rewrites them", IsFlag: true);

    private static readonly HeaderParameter IfMatch = new("If-Match",
        "The ETag of a GET: the change is refused with 409 when somebody changed it since. Without it, or with *, what stands now is changed");

    private static readonly HeaderParameter ETag = new("ETag", "The revision, for If-Match", IsAnswer: true);

    /// <summary>The route reads these from the query.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params QueryParameter[] parameters) => route.WithMetadata([.. parameters]);

    /// <summary>The route heeds If-Match.</summary>
    public static RouteHandlerBuilder TakesIfMatch(this RouteHandlerBuilder route) => route.WithMetadata(IfMatch);

    /// <summary>The route answers with an ETag.</summary>
    public static RouteHandlerBuilder GivesETag(this RouteHandlerBuilder route) => route.WithMetadata(ETag);

    /// <summary>Whether a flag of a request is set; it was looked at already when it is neither true nor false.</summary>
    public static bool Has(this HttpRequest request, QueryParameter flag) => bool.TryParse(request.Query[flag.Name], out var value) && value;

    /// <summary>Refuses a request whose flags are neither true nor false: nobody shall think that he agreed, or that he only planned.</summary>
    public static RouteGroupBuilder WithStrictFlags(this RouteGroupBuilder routes) => routes.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        // Over what is given, so that what a route itself reads stays apart from this.
        var wrong = http.Request.Query.Where(q => !bool.TryParse(q.Value, out _))
            .Select(q =>
                http.GetEndpoint()?.Metadata.OfType<QueryParameter>().FirstOrDefault(p => p.IsFlag && p.Name.Equals(q.Key, StringComparison.OrdinalIgnoreCase)))
                .FirstOrDefault(p => p is not null);
        return wrong is null ? await next(context) : ApiProblems.Problem(
            StatusCodes.Status400BadRequest, "The request is not valid", $"{wrong.Name} must be true or false.", [new(wrong.Name, "must be true or false")]);
    });

    /// <summary>Adds to the description of a route what it declares.</summary>
    public static void Describe(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var parameter in metadata.OfType<QueryParameter>())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Required = parameter.Required,
                Schema = new OpenApiSchema
                {
                    Type = parameter.IsFlag ? JsonSchemaType.Boolean : parameter.IsNumber ? JsonSchemaType.Integer : JsonSchemaType.String,
                },
            });
        }

        foreach (var header in metadata.OfType<HeaderParameter>())
        {
            var schema = new OpenApiSchema { Type = JsonSchemaType.String };
            if (!header.IsAnswer)
            {
                (operation.Parameters ??= [])
                    .Add(new OpenApiParameter { Name = header.Name, In = ParameterLocation.Header, Description = header.Description, Schema = schema });
            }
            else if (operation.Responses?.GetValueOrDefault("200") is OpenApiResponse ok)
            {
                ok.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
                ok.Headers[header.Name] = new OpenApiHeader { Description = header.Description, Schema = schema };
            }
        }
    }
}
