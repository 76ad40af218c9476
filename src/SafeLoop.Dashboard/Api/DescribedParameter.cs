using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace SafeLoop.Dashboard;

/// <summary>A parameter of an endpoint, for its description.</summary>
internal sealed class DescribedParameter(ParameterInfo parameter) : IParameterBindingMetadata
{
    public string Name => parameter.Name!;

    public bool HasTryParse => ParameterInfo.ParameterType != typeof(string);

    public bool HasBindAsync => false;

    public ParameterInfo ParameterInfo => parameter;

    public bool IsOptional => Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || new NullabilityInfoContext().Create(parameter).WriteState is NullabilityState.Nullable;
}
